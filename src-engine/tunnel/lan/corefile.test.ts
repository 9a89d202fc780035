import { expect, test } from 'vitest';
import { withNames, withoutNames } from './corefile.ts';

const theirs = '.:53 {\n    errors\n    kubernetes cluster.local in-addr.arpa ip6.arpa\n    reload\n}\n';

function added(corefile: string): string {
  const text = withNames(corefile);
  if (text === null) throw new Error('taken');
  return text;
}

test('the block stands behind what was there, once, and goes without a trace', () => {
  const once = added(theirs);
  expect(once.startsWith(theirs)).toBe(true);
  expect(once.match(/^clusterset\.local:53 \{$/gm)).toHaveLength(1);
  expect(added(once)).toBe(once);
  expect(withoutNames(once)).toBe(theirs);
});

test('what somebody wrote behind it stays, and an older block of ours is replaced', () => {
  const older = `${theirs}# tandem: begin (of before)\nclusterset.local:53 {\n    old\n}\n# tandem: end\nexample.org:53 {\n}\n`;
  expect(withoutNames(older)).toBe(`${theirs}example.org:53 {\n}\n`);
  expect(added(older)).not.toContain('old');
});

test('a zone that somebody else answers is left to them; a comment answers nothing', () => {
  expect(withNames(`${theirs}clusterset.local:53 {\n    forward . 10.96.4.4\n}\n`)).toBeNull();
  expect(added(`${theirs}# clusterset.local comes later\n`)).toContain('rewrite');
});

test('a file without a last line break is no reason to break it', () => {
  expect(withoutNames(added(theirs.trimEnd()))).toBe(theirs);
});
