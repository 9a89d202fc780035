// The peer: an Electron app that has an icon and a menu, and does nothing.
const { app, Menu, nativeImage, Tray } = require('electron');

let tray;
app.on('window-all-closed', () => {});
void app.whenReady().then(() => {
  const size = 22;
  tray = new Tray(
    nativeImage.createFromBitmap(Buffer.alloc(size * size * 4, 255), { width: size, height: size }),
  );
  tray.setToolTip('empty');
  tray.setContextMenu(Menu.buildFromTemplate([{ label: 'Quit', click: () => app.quit() }]));
});
