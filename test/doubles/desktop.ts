import { startNotifications, type Notifications } from './notifications.ts';
import { startTrayHost, type TrayHost } from './tray-host.ts';

/** A desktop as an app meets it on the session bus: a panel and a notification daemon. */
export interface Desktop {
  readonly tray: TrayHost;
  readonly notifications: Notifications;
  /** Call it after the app has ended. */
  stop(): void;
}

export async function startDesktop(): Promise<Desktop> {
  if (!process.env['DBUS_SESSION_BUS_ADDRESS']) {
    throw new Error('there is no session bus: run the end-to-end tests with "npm test e2e"');
  }
  const tray = await startTrayHost();
  try {
    const notifications = await startNotifications();
    return {
      tray,
      notifications,
      stop() {
        tray.stop();
        notifications.stop();
      },
    };
  } catch (error) {
    tray.stop();
    throw error;
  }
}
