import { expect, test } from 'vitest';
import { FIELD_MANAGER, otherWriter } from './managers.ts';

const rules = { 'f:spec': { 'f:rules': {} } };
const wrote = (manager: string, time: string, fieldsV1: unknown = rules, subresource?: string) => ({
  manager,
  time,
  fieldsV1,
  ...(subresource === undefined ? {} : { subresource }),
});

test('who wrote the spec last is named, kubectl as kubectl', () => {
  const ours = wrote(FIELD_MANAGER, '2026-01-01T00:00:09Z');
  expect(otherWriter([ours])).toBeNull();
  expect(otherWriter([ours, wrote('kubectl-patch', '2026-01-01T00:00:01Z')])).toBe('kubectl');
  expect(
    otherWriter([
      wrote('argocd-controller', '2026-01-01T00:00:02Z'),
      ours,
      wrote('flagger', '2026-01-01T00:00:03Z'),
      wrote('kubectl-edit', '2026-01-01T00:00:01Z'),
    ]),
  ).toBe('flagger');
});

test('a status, a label or an annotation is nobody’s word on where requests go', () => {
  const status = wrote('traefik', '2026-01-01T00:00:05Z', { 'f:status': {} }, 'status');
  const label = wrote('kubectl-label', '2026-01-01T00:00:05Z', { 'f:metadata': { 'f:labels': {} } });
  expect(otherWriter([status, label, wrote('gone', '2026-01-01T00:00:05Z', null)])).toBeNull();
});

test('one that the API has no name for is not nobody', () => {
  expect(otherWriter([{ fieldsV1: rules }])).toBe('unknown');
});
