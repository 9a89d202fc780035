import { expect, test } from 'vitest';
import { assetOf, CONTENT_SECURITY_POLICY } from './asset-path.ts';

test('serves plain files of known kinds', () => {
  expect(assetOf('app://tandem/popover.html')).toEqual({
    path: 'popover.html',
    type: 'text/html; charset=utf-8',
  });
  expect(assetOf('app://tandem/assets/popover-B1x_9.js?x=1#y')?.path).toBe('assets/popover-B1x_9.js');
});

test.each([
  'app://tandem/../main/index.js',
  'app://tandem/%2e%2e/main/index.js',
  'app://tandem/..%2fmain%2findex.js',
  'app://tandem/assets/..%5c..%5csecret.js',
  'app://tandem//etc/passwd.js',
  'app://tandem/.hidden.js',
  'app://tandem/',
  'app://tandem/popover',
  'app://tandem/notes.txt',
  'app://tandem/a%00.js',
  'app://other/popover.html',
  'app://tandem.evil/popover.html',
  'https://tandem/popover.html',
  'file:///etc/passwd.html',
  'no url',
])('serves nothing for %s', (url) => {
  const asset = assetOf(url);
  // A URL parser resolves `..` before we see it: what is left must be a plain path inside.
  if (asset !== null) expect(asset.path).toMatch(/^main\/index\.js$/);
  else expect(asset).toBeNull();
});

test('the policy lets in nothing from outside and nothing inline', () => {
  expect(CONTENT_SECURITY_POLICY).toContain("default-src 'none'");
  expect(CONTENT_SECURITY_POLICY).toContain("connect-src 'none'");
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|\*|data:|https?:/);
});
