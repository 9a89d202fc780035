import { resolve } from 'node:path';
import type { Caller, Handlers } from '../../src-shared/commands/registry.ts';
import { ok } from '../../src-shared/errors/result.ts';
import { dockerCheck } from './checks/docker.ts';
import { diskCheck } from './checks/disk.ts';
import { engineCheck } from './checks/engine.ts';
import { frontCheck } from './checks/front.ts';
import { gateCheck } from './checks/gate.ts';
import { homeCheck } from './checks/home.ts';
import { identityCheck } from './checks/identity.ts';
import { linkCheck } from './checks/link.ts';
import { sensorsCheck } from './checks/sensors.ts';
import { serviceCheck } from './checks/service.ts';
import { settingsCheck } from './checks/settings.ts';
import { toolsCheck } from './checks/tools.ts';
import { tunnelCheck } from './checks/tunnel.ts';
import type { Check, CheckContext } from './check.ts';
import { recordDiagnostics, type RawReading } from './diagnostics.ts';

const checks: readonly Check[] = [
  homeCheck,
  diskCheck,
  settingsCheck,
  engineCheck,
  serviceCheck,
  sensorsCheck,
  toolsCheck,
  dockerCheck,
  identityCheck,
  linkCheck,
  frontCheck,
  gateCheck,
  tunnelCheck,
];

export interface DoctorPorts {
  context(): CheckContext;
  /** Raw outputs of the sensors, read now. */
  vitals(): Promise<readonly RawReading[]>;
}

export function doctorHandlers(ports: DoctorPorts): Pick<Handlers<Caller>, 'doctor.run'> {
  return {
    'doctor.run': async ({ record }) => {
      const context = ports.context();
      const results = await Promise.all(checks.map((check) => check.run(context)));
      if (record === undefined) return ok({ checks: results, recorded: null });
      const vitals = await ports.vitals();
      const recorded = await recordDiagnostics(context.platform, resolve(record), vitals, results);
      return recorded.ok ? ok({ checks: results, recorded: recorded.value }) : recorded;
    },
  };
}
