import { expect, test } from 'vitest';
import { kernelLacks } from './kernel-config.ts';

const config = [
  'CONFIG_NET=y',
  'CONFIG_XFRM_USER=m',
  'CONFIG_INET_ESP=y',
  'CONFIG_IP_SET=m',
  'CONFIG_VXLAN=y',
];

test.each<[string | null, readonly string[] | null]>([
  [config.join('\n'), []],
  // Docker Desktop on Apple silicon was so once (strongX509/docker#3).
  [
    config.map((line) => line.replace('CONFIG_XFRM_USER=m', '# CONFIG_XFRM_USER is not set')).join('\n'),
    ['XFRM_USER'],
  ],
  [config.slice(0, 3).join('\n'), ['IP_SET', 'VXLAN']],
  // Another option whose name begins alike.
  [config.join('\n').replace('CONFIG_VXLAN=y', 'CONFIG_VXLAN_GPE=y'), ['VXLAN']],
  ['zcat: not found', null],
  ['', null],
  [null, null],
])('%j lacks %j', (text, lacking) => {
  expect(kernelLacks(text)).toEqual(lacking);
});
