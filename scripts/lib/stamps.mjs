// A stamp says from what a thing was made, so that nothing is made twice.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { inRoot, root } from './repo.mjs';

/** Hash of the lockfile: which packages are meant to be there. */
export function lockfileHash() {
  return createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');
}

/** Hash over names, sizes and change times; much faster than the files' contents, and enough for a build. */
export function filesHash(files, ...words) {
  const hash = createHash('sha256').update(words.join('\n'));
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`\n${relative(root, file)} ${size} ${mtimeMs}`);
  }
  return hash.digest('hex');
}

/** True when the stamp file holds exactly this text. */
export function isStamped(file, text) {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}

export function stamp(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
