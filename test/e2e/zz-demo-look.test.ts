import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { launchApp } from './harness.ts';
const home = process.env['LOOK_HOME'] ?? '';
const core = process.env['LOOK_CORE'] ?? '';
test('look', { timeout: 150_000 }, async () => {
  const other = await launchApp({ home: core, vitalsRoot: `${core}/sensors`, env: { TANDEM_NODE: '/bin/false', TANDEM_LANG: 'en' } });
  const running = await launchApp({ home, vitalsRoot: `${home}/sensors`, env: { TANDEM_NODE: '/bin/false', TANDEM_LANG: 'en' } });
  for (const one of [other, running])
    await one.app.evaluate(({ dialog }) => { dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false }); });
  const page = await running.open();
  const snap = async (name: string) => { await page.screenshot({ path: `/tmp/ui/real-${name}.png` }); console.log(name, await running.tray.tooltip(), await other.tray.tooltip()); };
  await pause(1500);
  await snap('serving');
  await page.getByRole('button', { name: 'Leave now', exact: true }).click();
  await pause(1500);
  await snap('leaving1');
  await pause(4500);
  await snap('leaving2');
  await page.getByRole('heading', { level: 1, name: 'Safe to close the lid' }).waitFor({ timeout: 60_000 });
  await snap('safe');
  await pause(1500);
  await snap('offline');
  const report = page.getByRole('button', { name: 'Report', exact: true });
  if (await report.count()) { await report.click(); await pause(1000); await snap('report'); await page.getByRole('button', { name: 'Back', exact: true }).click(); }
  await page.getByRole('button', { name: 'Bring back', exact: true }).click();
  await pause(7000);
  await snap('returning');
  const corePage = await other.open();
  await pause(1500);
  await corePage.screenshot({ path: '/tmp/ui/real-core.png' });
  console.log(running.notifications.shown.map(({ title, body }) => `${title}: ${body}`), other.notifications.shown.map(({ title, body }) => `${title}: ${body}`));
  await running.close().catch(() => undefined);
  await other.close().catch(() => undefined);
  expect(1).toBe(1);
});
