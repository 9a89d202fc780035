// The rules of .dependency-cruiser.cjs over a tree. usage: node scripts/lib/boundaries.mjs [ROOT]
// Prints a line per violation; exit 1 when there is one, or when it saw no import at all.
import { createRequire } from 'node:module';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRoot, root } from './repo.mjs';

const require = createRequire(import.meta.url);
const FOLDERS = ['src-shared', 'src-engine', 'src-main', 'src-renderer', 'src-cli', 'src-demo'];

/**
 * dependency-cruiser 17 asks swc for plain TypeScript, on which JSX is a syntax error
 * (its src/extract/swc/parse.mjs has a note about it). Files with JSX are parsed as what they are.
 */
function teachTsx() {
  const swc = require('@swc/core');
  const parseFile = swc.parseFileSync;
  swc.parseFileSync = (file, options) => parseFile(file, { ...options, tsx: file.endsWith('.tsx') });
}

/** The violations of a tree, and how many imports were seen in it. */
export async function checkBoundaries(baseDir = root) {
  teachTsx();
  const { cruise } = await import('dependency-cruiser');
  const { forbidden, options } = require(inRoot('.dependency-cruiser.cjs'));
  const folders = FOLDERS.filter((folder) => existsSync(join(baseDir, folder)));
  const ruleSet = { forbidden };
  const cache = { folder: inRoot('node_modules/.cache/boundaries'), strategy: 'content', compress: false };
  const settings = {
    ...options,
    baseDir: realpathSync(baseDir),
    ruleSet,
    validate: true,
    ...(baseDir === root ? { cache } : {}),
  };
  const { output } = await cruise(folders, settings, options.enhancedResolveOptions);
  const imports = output.modules.reduce((sum, { dependencies }) => sum + dependencies.length, 0);
  return { imports, violations: output.summary.violations };
}

const describe = ({ rule, from, to, cycle }) =>
  `${rule.name}: ${from} -> ${cycle ? cycle.map(({ name }) => name).join(' -> ') : to}`;

async function main() {
  const { imports, violations } = await checkBoundaries(process.argv[2]);
  for (const violation of violations) console.log(describe(violation));
  if (imports === 0) console.log('boundaries: no import was seen; is @swc/core installed?');
  console.log(`boundaries: ${imports} imports, ${violations.length} violations`);
  process.exitCode = violations.length > 0 || imports === 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
