// `npm run picture`: takes the picture of the popover that the README shows, from the real app.
import { runOnDesktop } from './lib/on-desktop.mjs';
import { inRoot } from './lib/repo.mjs';
import { runScript } from './lib/say.mjs';

await runScript(async () => {
  process.exitCode = await runOnDesktop(inRoot('scripts/picture/popover.ts'), [inRoot('docs/popover.png')]);
});
