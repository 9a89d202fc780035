// `npm run picture`: takes the pictures of the popover that the README shows, from the real app.
import { runOnDesktop } from './lib/on-desktop.mjs';
import { inRoot } from './lib/repo.mjs';
import { runScript } from './lib/say.mjs';

await runScript(async () => {
  const pictures = ['docs/popover.png', 'docs/leaving.png'].map((path) => inRoot(path));
  process.exitCode = await runOnDesktop(inRoot('scripts/picture/popover.ts'), pictures);
});
