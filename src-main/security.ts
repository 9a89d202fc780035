import { app, session, type Session, type WebContents } from 'electron';
import { isOwnUrl } from './asset-path.ts';

/** Must run before Electron is ready: every renderer is sandboxed, and none gets away from its page. */
export function lockDown(): void {
  if (!sandboxIsImpossible()) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => confine(contents));
}

/**
 * Chromium has no sandbox for root on Linux; the launcher says so by a switch, which `enableSandbox` would take away
 * again, and no child process would start. The windows' own `sandbox: true` holds all the same.
 */
function sandboxIsImpossible(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && app.commandLine.hasSwitch('no-sandbox');
}

/** No navigation, no redirect, no window, no webview: whatever the page asks for. */
function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Once Electron is ready: no permission of any kind, and no request that leaves this program. */
export function denyEverything(of: Session = session.defaultSession): void {
  of.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  of.setPermissionCheckHandler(() => false);
  of.setDevicePermissionHandler(() => false);
  of.webRequest.onBeforeRequest((request, answer) => answer({ cancel: !mayLoad(request.url) }));
}

function mayLoad(url: string): boolean {
  return isOwnUrl(url) || (!app.isPackaged && url.startsWith('devtools://'));
}
