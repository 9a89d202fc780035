import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { worlds } from '../doubles/worlds.ts';
import { checkout } from './harness.ts';
import { launchShell, type Shell } from './shell-app.ts';

let shell: Shell;
let page: Page;
let outside: Server;
let outsideUrl: string;
let requests = 0;

beforeAll(async () => {
  outside = createServer((_request, response) => {
    requests += 1;
    response.setHeader('access-control-allow-origin', '*').end('outside');
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  outsideUrl = `http://127.0.0.1:${(outside.address() as AddressInfo).port}/`;
  shell = await launchShell(worlds.running);
  page = await shell.popover();
});

afterAll(async () => {
  await shell.close();
  outside.close();
});

const here = () => page.evaluate(() => location.href);

test('the page has two functions of ours, and nothing of Node or Electron', async () => {
  const seen = await page.evaluate(() => ({
    ours: Object.keys(window.tandem).sort(),
    frozen: Object.isFrozen(window.tandem),
    foreign: ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in globalThis),
  }));
  expect(seen).toEqual({ ours: ['call', 'on'], frozen: true, foreign: [] });
});

test('the window is sandboxed, isolated and without Node', async () => {
  const preferences = await shell.running.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } =
      contents.getLastWebPreferences();
    return {
      sandbox,
      contextIsolation,
      nodeIntegration,
      webviewTag: webviewTag ?? false,
      webSecurity: webSecurity ?? true,
    };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  });
});

test('the page comes from app://tandem with a policy that lets in only itself', async () => {
  expect(await here()).toBe('app://tandem/popover.html');
  const blocked = await page.evaluate(async () => {
    const seen: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    document.body.append(script);
    const styled = document.createElement('div');
    styled.innerHTML = '<b style="color: red">x</b><img src="data:image/png;base64,AAAA">';
    document.body.append(styled);
    // Not by eval: what a debugger evaluates may do that whatever the policy says.
    const later = window.setTimeout as (code: string) => number;
    later('window.textRan = true');
    await new Promise((resolve) => setTimeout(resolve, 200));
    script.remove();
    styled.remove();
    return {
      seen: [...new Set(seen)].sort(),
      ran: ['inlineRan', 'textRan'].filter((name) => name in window),
    };
  });
  expect(blocked.ran).toEqual([]);
  expect(blocked.seen).toEqual(expect.arrayContaining(['img-src', 'script-src-elem', 'style-src-attr']));
});

test('the page has no network, by any way', async () => {
  const ways = await page.evaluate(async (url) => {
    const failed = async (attempt: () => Promise<unknown>): Promise<boolean> =>
      attempt().then(
        () => false,
        () => true,
      );
    const image = await new Promise<boolean>((resolve) => {
      const picture = new Image();
      picture.addEventListener('load', () => resolve(false));
      picture.addEventListener('error', () => resolve(true));
      picture.src = url;
    });
    const socket = await failed(
      () =>
        new Promise((resolve, reject) => {
          const web = new WebSocket(url.replace('http', 'ws'));
          web.addEventListener('open', resolve);
          web.addEventListener('error', reject);
        }),
    );
    return { fetch: await failed(() => fetch(url)), image, socket, beacon: navigator.sendBeacon(url) };
  }, outsideUrl);
  expect(ways).toMatchObject({ fetch: true, image: true, socket: true });
  // The shell refuses too, where the policy is not asked: a request from the session itself.
  const refused = await shell.running.app.evaluate(
    async ({ session }, url) =>
      session.defaultSession.fetch(url).then(
        () => false,
        () => true,
      ),
    outsideUrl,
  );
  expect(refused).toBe(true);
  expect(requests).toBe(0);
});

test('it cannot navigate away, neither itself nor by a form', async () => {
  await page.evaluate((url) => {
    location.href = url;
  }, outsideUrl);
  await page.evaluate((url) => {
    const form = document.createElement('form');
    form.action = url;
    document.body.append(form);
    form.submit();
    form.remove();
  }, outsideUrl);
  await page.waitForTimeout(300);
  expect(await here()).toBe('app://tandem/popover.html');
  expect(requests).toBe(0);
});

test('it opens no window and no web view', async () => {
  const opened = await page.evaluate((url) => window.open(url) !== null, outsideUrl);
  await page.evaluate((url) => {
    const view = document.createElement('webview');
    view.setAttribute('src', url);
    document.body.append(view);
    setTimeout(() => view.remove(), 200);
  }, outsideUrl);
  await page.waitForTimeout(300);
  const contents = await shell.running.app.evaluate(
    ({ webContents }) => webContents.getAllWebContents().length,
  );
  expect({ opened, contents, requests }).toEqual({ opened: false, contents: 1, requests: 0 });
});

test('every permission is denied', async () => {
  const denied = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'] as const;
    const states = await Promise.all(
      names.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state),
    );
    const position = await new Promise<string>((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve('given'),
        () => resolve('denied'),
      ),
    );
    return { states: [...new Set(states)], position, notification: await Notification.requestPermission() };
  });
  expect(denied).toEqual({ states: ['denied'], position: 'denied', notification: 'denied' });
});

test('the scheme serves the renderer alone', async () => {
  const status = (path: string) =>
    shell.running.app.evaluate(
      async ({ session }, url) => (await session.defaultSession.fetch(url)).status,
      `app://tandem/${path}`,
    );
  expect(await status('popover.html')).toBe(200);
  for (const path of ['../main/index.js', '%2e%2e/main/index.js', '..%2fmain%2findex.js', 'nothing.js', ''])
    expect(await status(path), path).toBe(404);
});

test('the bridge takes only verbs of the renderer, with arguments that fit', async () => {
  const codes = await page.evaluate(async () => {
    const call = window.tandem.call as unknown as (
      method: unknown,
      input: unknown,
    ) => Promise<{ ok: boolean; error?: { code: string } }>;
    const code = async (method: unknown, input: unknown) => {
      const result = await call(method, input);
      return result.ok ? 'ok' : result.error?.code;
    };
    return [
      await code('status.get', {}),
      await code('engine.stop', {}),
      await code('host.event', { event: 'shutdown' }),
      await code('__proto__', {}),
      await code('cluster.start', { name: 7 }),
      await code('cluster.start', { name: 'tandem', shell: 'rm' }),
      await code(null, {}),
    ];
  });
  expect(codes).toEqual([
    'ok',
    'unknownMethod',
    'unknownMethod',
    'unknownMethod',
    'badArguments',
    'badArguments',
    'badRequest',
  ]);
});

test('the bridge hears only the windows that the shell made', async () => {
  const answer = await shell.running.app.evaluate(
    async ({ BrowserWindow }, preload) => {
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload } });
      await stranger.loadURL('app://tandem/popover.html');
      const result = (await stranger.webContents.executeJavaScript(
        'window.tandem.call("status.get", {})',
      )) as unknown;
      stranger.destroy();
      return result;
    },
    join(checkout, 'out/preload/popover.cjs'),
  );
  expect(answer).toEqual({ ok: false, error: { code: 'badRequest', params: {} } });
});
