import { expect, test } from 'vitest';
import type { Role } from '../../../src-shared/world/role.ts';
import { settleRoles } from './roles.ts';

const mac = (role: Role, hasBattery = false) => ({ role, hasBattery });
const settled = (listener: string, dialler: string) => ({ ok: true, value: { listener, dialler } });

test('what a person set stands, whatever has a battery', () => {
  expect(settleRoles(mac('core', true), mac('edge'))).toEqual(settled('core', 'edge'));
  expect(settleRoles(mac('edge'), mac('core', true))).toEqual(settled('edge', 'core'));
});

test('one that is set makes the other its opposite', () => {
  expect(settleRoles(mac('edge'), mac('single', true))).toEqual(settled('edge', 'core'));
  expect(settleRoles(mac('core', true), mac('single'))).toEqual(settled('core', 'edge'));
  expect(settleRoles(mac('single', true), mac('edge'))).toEqual(settled('core', 'edge'));
  expect(settleRoles(mac('single'), mac('core', true))).toEqual(settled('edge', 'core'));
});

test('nobody set anything: the one with a battery leaves, of two alike the dialler', () => {
  expect(settleRoles(mac('single', true), mac('single'))).toEqual(settled('edge', 'core'));
  expect(settleRoles(mac('single'), mac('single', true))).toEqual(settled('core', 'edge'));
  expect(settleRoles(mac('single', true), mac('single', true))).toEqual(settled('core', 'edge'));
  expect(settleRoles(mac('single'), mac('single'))).toEqual(settled('core', 'edge'));
});

test('two of the same are refused', () => {
  for (const role of ['core', 'edge'] as const)
    expect(settleRoles(mac(role, true), mac(role))).toEqual({
      ok: false,
      error: { code: 'rolesEqual', params: { role } },
    });
});
