// A contact sheet: every tray picture, as it is and magnified, on a light and on a dark panel.
import { drawTray, TRAY_POINTS, trayShapes } from './tray.mjs';

const ZOOM = 4;
const CELL = TRAY_POINTS * (ZOOM + 1) + 16;
const COLUMNS = 8;
const LIGHT = [236, 236, 236];
const DARK = [40, 40, 44];

export function drawSheet() {
  const shapes = Object.values(trayShapes);
  const size = CELL * COLUMNS;
  const rgba = Buffer.alloc(size * size * 4, 255);
  shapes.forEach((shape, index) => {
    const [column, row] = [index % COLUMNS, Math.floor(index / COLUMNS)];
    for (const dark of [false, true])
      cell(rgba, size, shape, column * CELL, (row * 2 + Number(dark)) * CELL, dark);
  });
  return { size, rgba };
}

function cell(rgba, size, shape, left, top, dark) {
  const panel = dark ? DARK : LIGHT;
  for (let y = 0; y < CELL; y += 1) {
    for (let x = 0; x < CELL; x += 1) rgba.set(panel, ((top + y) * size + left + x) * 4);
  }
  paste(rgba, size, drawTray(shape, TRAY_POINTS, dark), left + 4, top + 4, ZOOM);
  paste(rgba, size, drawTray(shape, TRAY_POINTS, dark), left + 8 + TRAY_POINTS * ZOOM, top + 4, 1);
}

function paste(rgba, size, picture, left, top, zoom) {
  for (let y = 0; y < picture.size * zoom; y += 1) {
    for (let x = 0; x < picture.size * zoom; x += 1) {
      const from = (Math.floor(y / zoom) * picture.size + Math.floor(x / zoom)) * 4;
      const to = ((top + y) * size + left + x) * 4;
      const share = picture.rgba[from + 3] / 255;
      for (let channel = 0; channel < 3; channel += 1) {
        rgba[to + channel] = Math.round(
          rgba[to + channel] * (1 - share) + picture.rgba[from + channel] * share,
        );
      }
    }
  }
}
