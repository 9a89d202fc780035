import { expect, test } from 'vitest';
import { errorCodes } from '../../../src-shared/errors/codes.ts';
import { errorSentences, translator } from '../../../src-shared/language/translate.ts';
import { minikubeResult, type MinikubeSaid } from './minikube-failure.ts';
import type { MinikubeError } from './minikube-events.ts';

const asked = { name: 'lab', log: '/logs/minikube-lab.log' };
const said = (over: Partial<MinikubeSaid> = {}): MinikubeSaid => ({
  exitCode: 80,
  failure: null,
  events: [],
  text: '',
  ...over,
});
const told = (reason: string, over: Partial<MinikubeError> = {}): MinikubeError => ({
  type: 'error',
  reason,
  exitCode: 80,
  message: 'its own words',
  advice: '',
  url: '',
  issues: [],
  ...over,
});
function errorOf(over: Partial<MinikubeSaid>) {
  const result = minikubeResult(asked, said(over));
  return result.ok ? null : result.error;
}
const named = (reason: string, message = 'its own words') =>
  errorOf({ events: [{ type: 'other' }, told(reason, { message })] });

test('exit 0 is no failure, whatever was warned of', () => {
  expect(errorOf({ exitCode: 0, events: [{ type: 'warning', message: 'slow' }] })).toBeNull();
});

test.each([
  ['PROVIDER_DOCKER_NOT_RUNNING', 'dockerDown'],
  ['PROVIDER_DOCKER_NEWGRP', 'dockerDenied'],
  ['DRV_NOT_HEALTHY', 'minikubeNoDriver'],
  ['GUEST_DRIVER_MISMATCH', 'minikubeDriverOther'],
  ['DRV_UNSUPPORTED_MULTINODE', 'minikubeDriverUnfit'],
  ['RSRC_DOCKER_MEMORY', 'minikubeMemoryShort'],
  ['RSRC_INSUFFICIENT_CORES', 'minikubeCoresShort'],
  ['RSRC_DOCKER_STORAGE', 'runtimeDiskFull'],
  ['INET_CACHE_KUBECTL', 'minikubeOffline'],
  ['INET_NEW_IN_ANOTHER_VERSION', 'minikubeOffline'],
  ['K8S_OLD_UNSUPPORTED', 'minikubeVersion'],
  ['IF_BOOTPD_FIREWALL', 'minikubeFirewall'],
  ['NOT_FOUND_VMNET_HELPER', 'minikubeNoVmnet'],
  ['GUEST_STOP_TIMEOUT', 'minikubeStopSlow'],
  ['MK_RESERVED_PROFILE', 'clusterNameInvalid'],
])('%s is %s, with its words and the file', (reason, code) => {
  expect(named(reason)).toEqual({
    code,
    params: { name: 'lab', detail: 'its own words', log: '/logs/minikube-lab.log' },
  });
});

test('a provider that is not found is a tool that is missing', () => {
  expect(named('PROVIDER_VFKIT_NOT_FOUND')).toEqual({ code: 'toolMissing', params: { tool: 'vfkit' } });
});

test("Docker's own words name what a vague reason does not", () => {
  const message =
    'Failed to start host: creating host: create: creating: create kic node: create container: docker run -d …: exit status 125 stderr: docker: Error response from daemon: Bind for 127.0.0.1:47390 failed: port is already allocated.';
  expect(named('GUEST_PROVISION', message)).toEqual({
    code: 'portTaken',
    params: { port: '47390', why: 'container' },
  });
  expect(named('GUEST_PROVISION', 'no IP address')).toMatchObject({ code: 'minikubeMachine' });
});

test("an unknown reason keeps minikube's own message and advice, or the address that it gives", () => {
  const advice = '1) Do this\n\t\t2) Then that';
  const params = {
    name: 'lab',
    reason: 'NEW_REASON',
    detail: 'its own words',
    log: '/logs/minikube-lab.log',
  };
  expect(errorOf({ events: [told('NEW_REASON', { advice })] })).toEqual({
    code: 'minikubeFailed',
    params: { ...params, advice: '1) Do this 2) Then that' },
  });
  const issues = ['https://github.com/kubernetes/minikube/issues/1'];
  expect(errorOf({ events: [told('NEW_REASON', { issues })] })?.params).toMatchObject({ advice: issues[0] });
  const bare = errorOf({ events: [told('NEW_REASON')] });
  expect(bare).toEqual({ code: 'minikubeFailed', params: { ...params, why: 'bare' } });
  if (bare !== null) expect(errorSentences(bare, translator('en')).hint).toContain('/logs/minikube-lab.log');
});

test('the last error counts, and one in words where there was no event', () => {
  const events = [told('GUEST_START'), told('K8S_DOWNGRADE_UNSUPPORTED')];
  expect(errorOf({ events })?.code).toBe('minikubeDowngrade');
  const text = 'X Exiting due to HOST_HOME_PERMISSION: mkdir: permission denied\n';
  expect(errorOf({ text })).toMatchObject({
    code: 'minikubeHomeDenied',
    params: { detail: 'mkdir: permission denied' },
  });
});

test('without a word of its own: its profile, its flags, its signal, or the last line', () => {
  expect(errorOf({ exitCode: 85 })).toEqual({ code: 'clusterAbsent', params: { name: 'lab' } });
  expect(errorOf({ exitCode: 1, text: 'Error: unknown flag: --wait-timeout\nSee help' })).toEqual({
    code: 'toolOld',
    params: { tool: 'minikube', detail: 'unknown flag: --wait-timeout' },
  });
  const killed = { code: 'toolKilled', params: { tool: 'minikube', signal: 'SIGKILL' } };
  expect(errorOf({ exitCode: null, failure: 'killed', signal: 'SIGKILL' })).toEqual(killed);
  expect(errorOf({ exitCode: 137 })).toEqual(killed);
  expect(errorOf({ exitCode: 2, text: '{"type":"x"}\npanic: nil pointer\n\n' })).toMatchObject({
    code: 'minikubeFailed',
    params: { reason: 'exit 2', detail: 'panic: nil pointer' },
  });
  expect(errorOf({ failure: 'missing', exitCode: null })).toMatchObject({ code: 'toolMissing' });
});

test.each(['en', 'ko'] as const)('in %s no sentence about minikube lacks a value', (language) => {
  const params = { name: 'lab', detail: 'words', log: 'a file', reason: 'ID', advice: 'advice' };
  for (const code of errorCodes.filter((each) => each.startsWith('minikube'))) {
    const { message, hint } = errorSentences({ code, params }, translator(language));
    expect(`${message} ${hint}`).not.toMatch(/\?(?!$)|\{\{/);
  }
});
