// Draws resources/icons. usage: node scripts/icons.mjs [--check] [--sheet FILE]
//   --check  compares what stands there instead, exit 1 when it differs
//   --sheet  writes a contact sheet of the tray's pictures
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawAppIcon } from './icons/app-icon.mjs';
import { encodeIcns, pngsOf } from './icons/icns.mjs';
import { encodePng, rowsOf } from './icons/png.mjs';
import { drawSheet } from './icons/sheet.mjs';
import { drawTray, TRAY_POINTS, trayShapes } from './icons/tray.mjs';
import { inRoot } from './lib/repo.mjs';
import { runScript, say } from './lib/say.mjs';

const FOLDER = inRoot('resources/icons');

const SCALES = { '': 1, '@2x': 2 };

const appPngs = new Map();
/** Drawn once for each size: it has a million pixels. */
function appPng(size) {
  if (!appPngs.has(size)) appPngs.set(size, encodePng(drawAppIcon(size)));
  return appPngs.get(size);
}

/** Every file by its name. macOS takes `Template` pictures and colours them; Linux panels take them as they are. */
function draw() {
  const files = { 'app.png': appPng(1024), 'app.icns': encodeIcns(appPng) };
  for (const [name, shape] of Object.entries(trayShapes)) {
    for (const [suffix, scale] of Object.entries(SCALES)) {
      files[`${name}Template${suffix}.png`] = encodePng(drawTray(shape, TRAY_POINTS * scale, false));
      files[`${name}-light${suffix}.png`] = encodePng(drawTray(shape, TRAY_POINTS * scale, true));
    }
  }
  return files;
}

function write() {
  const files = draw();
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(FOLDER, name), bytes);
  say(`icons: ${Object.keys(files).length} files in resources/icons`);
}

function check() {
  const files = draw();
  const names = new Set([...Object.keys(files), ...readdirSync(FOLDER)]);
  const wrong = [...names].filter((name) => !files[name] || !isSame(join(FOLDER, name), files[name]));
  for (const name of wrong) say(`icons: not what the script draws: ${name}`);
  return wrong.length > 0 ? 1 : 0;
}

/** The same pictures; the bytes differ where zlib does. */
function isSame(file, bytes) {
  if (!existsSync(file)) return false;
  const rows = (content) => (file.endsWith('.icns') ? pngsOf(content) : [content]).map(rowsOf);
  return Buffer.concat(rows(readFileSync(file))).equals(Buffer.concat(rows(bytes)));
}

await runScript(() => {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, sheet: { type: 'string' } } });
  if (values.sheet) return writeFileSync(values.sheet, encodePng(drawSheet()));
  return values.check ? check() : write();
});
