import { doctorHandlers } from './doctor/doctor-room.ts';
import type { RawReading } from './doctor/diagnostics.ts';
import type { Platform } from './platform/platform.ts';
import type { SettingsRoom } from './settings/settings-room.ts';
import { pairLooks } from './wire-doctor-pair.ts';
import { trafficLooks } from './wire-doctor-traffic.ts';
import { tunnelLooks } from './wire-doctor-tunnel.ts';
import { wireService } from './wire-service.ts';

export function wireDoctor(
  platform: Platform,
  settings: SettingsRoom,
  dockerSocket: () => string | null,
  vitals: () => Promise<readonly RawReading[]>,
) {
  const pair = pairLooks(platform, () => settings.get().link.address);
  const traffic = trafficLooks(platform, () => settings.get().traffic.gateListen);
  return doctorHandlers({
    context: () => ({
      platform,
      settings: settings.get(),
      settingsProblem: settings.problem(),
      dockerSocket: dockerSocket(),
      service: wireService(platform).status,
      pair,
      traffic,
      tunnel: tunnelLooks(platform),
    }),
    vitals,
  });
}
