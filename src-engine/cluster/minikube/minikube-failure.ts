import type { ErrorCode } from '../../../src-shared/errors/codes.ts';
import { fail, ok, type Result, type TandemError } from '../../../src-shared/errors/result.ts';
import type { ToolResult } from '../../platform/tools.ts';
import { refusal } from '../docker/docker-refusal.ts';
import { errorInWords, type MinikubeError, type MinikubeEvent } from './minikube-events.ts';

/** What minikube was asked to do, as far as a sentence about its failure needs it. */
export interface MinikubeAsked {
  readonly name: string;
  /** Where its whole output is kept when it fails. */
  readonly log: string;
}

/** How minikube ended. */
export interface MinikubeSaid extends Pick<ToolResult, 'exitCode' | 'failure' | 'signal'> {
  readonly events: readonly MinikubeEvent[];
  /** All that it wrote, on both of its streams. */
  readonly text: string;
}

/** A detail is one line of a tool's own words. */
const DETAIL_CHARACTERS = 300;

/** Exit codes from 128 on are signals (reason/exitcodes.go); its own end before. */
const signals: Readonly<Record<string, string>> = { 130: 'SIGINT', 137: 'SIGKILL', 143: 'SIGTERM' };

/** Success is what is seen afterwards; this is how a run that says itself that it failed is named. */
export function minikubeResult(asked: MinikubeAsked, said: MinikubeSaid): Result<void> {
  if (said.failure === 'missing') return fail('toolMissing', { tool: 'minikube' });
  const signal = said.signal ?? signals[String(said.exitCode)];
  if (said.failure === 'killed' || signal !== undefined)
    return fail('toolKilled', { tool: 'minikube', signal: signal ?? '?' });
  if (said.exitCode === 0) return ok(undefined);
  return { ok: false, error: minikubeFailure(asked, said) };
}

/** What went wrong, by name: by Docker's own words in its message, by its reason, or in minikube's own words. */
export function minikubeFailure(asked: MinikubeAsked, said: MinikubeSaid): TandemError {
  const told = said.events.findLast((event) => event.type === 'error') ?? errorInWords(said.text);
  if (told === null) return untold(asked, said);
  const params = { name: asked.name, detail: cut(told.message || told.reason), log: asked.log };
  const tool = /^PROVIDER_([A-Z0-9]+)_NOT_FOUND$/.exec(told.reason)?.[1]?.toLowerCase();
  if (tool !== undefined) return { code: 'toolMissing', params: { tool } };
  const code = codeOf(told);
  // A port or a full disk is named by Docker, inside a reason that says no more than that no node came up.
  const byDocker = code === null || vague.includes(code) ? refusal(told.message) : null;
  if (byDocker !== null) return byDocker;
  return code === null ? unnamed(asked, told) : { code, params };
}

const vague: readonly ErrorCode[] = ['minikubeMachine', 'minikubeKubernetes', 'minikubeNetwork'];

/** Its documented reasons (contrib/errorcodes) that a person can do something about. */
const byReason: Readonly<Record<string, ErrorCode>> = {
  DRV_DOCKER_NOT_RUNNING: 'dockerDown',
  PROVIDER_DOCKER_NOT_RUNNING: 'dockerDown',
  PROVIDER_DOCKER_CANNOT_CONNECT: 'dockerDown',
  PROVIDER_DOCKER_REFUSED: 'dockerDown',
  PROVIDER_DOCKER_DEADLINE_EXCEEDED: 'dockerDown',
  PROVIDER_DOCKER_NEWGRP: 'dockerDenied',
  DRV_NOT_FOUND: 'minikubeNoDriver',
  DRV_NOT_DETECTED: 'minikubeNoDriver',
  DRV_NOT_HEALTHY: 'minikubeNoDriver',
  PROVIDER_NOT_FOUND: 'minikubeNoDriver',
  PROVIDER_UNAVAILABLE: 'minikubeNoDriver',
  DRV_UNSUPPORTED: 'minikubeDriverUnfit',
  DRV_UNSUPPORTED_OS: 'minikubeDriverUnfit',
  DRV_UNSUPPORTED_MULTINODE: 'minikubeDriverUnfit',
  DRV_UNSUPPORTED_PROFILE: 'minikubeDriverUnfit',
  DRV_AS_ROOT: 'minikubeDriverRoot',
  DRV_NEEDS_ROOT: 'minikubeDriverRoot',
  GUEST_DRIVER_MISMATCH: 'minikubeDriverOther',
  NOT_FOUND_VMNET_HELPER: 'minikubeNoVmnet',
  NOT_FOUND_SOCKET_VMNET: 'minikubeNoVmnet',
  RSRC_INSUFFICIENT_REQ_MEMORY: 'minikubeMemoryLow',
  RSRC_INSUFFICIENT_SYS_MEMORY: 'minikubeMemoryShort',
  RSRC_INSUFFICIENT_CONTAINER_MEMORY: 'minikubeMemoryShort',
  RSRC_DOCKER_MEMORY: 'minikubeMemoryShort',
  RSRC_INSUFFICIENT_CORES: 'minikubeCoresShort',
  RSRC_DOCKER_CORES: 'minikubeCoresShort',
  RSRC_DOCKER_STORAGE: 'runtimeDiskFull',
  RSRC_INSUFFICIENT_STORAGE: 'minikubeDiskShort',
  HOST_HOME_PERMISSION: 'minikubeHomeDenied',
  HOST_HOME_MKDIR: 'minikubeHomeDenied',
  HOST_HOME_CHOWN: 'minikubeHomeDenied',
  HOST_CONFIG_LOAD: 'minikubeProfileBroken',
  HOST_SAVE_PROFILE: 'minikubeProfileBroken',
  GUEST_CP_CONFIG: 'minikubeProfileBroken',
  GUEST_LOAD_HOST: 'minikubeProfileBroken',
  DRV_CP_ENDPOINT: 'minikubeProfileBroken',
  IF_BOOTPD_FIREWALL: 'minikubeFirewall',
  IF_DEDICATED_NETWORK: 'minikubeNetwork',
  K8S_FAIL_CONNECT: 'minikubeOffline',
  K8S_OLD_UNSUPPORTED: 'minikubeVersion',
  K8S_NEW_UNSUPPORTED: 'minikubeVersion',
  MK_PATCH_NOT_FOUND: 'minikubeVersion',
  MK_KVERSION_USAGE: 'minikubeVersion',
  K8S_DOWNGRADE_UNSUPPORTED: 'minikubeDowngrade',
  GUEST_STOP_TIMEOUT: 'minikubeStopSlow',
  GUEST_START: 'minikubeMachine',
  GUEST_PROVISION: 'minikubeMachine',
  GUEST_PROVISION_CONTAINER_EXITED: 'minikubeMachine',
  GUEST_NODE_PROVISION: 'minikubeMachine',
  GUEST_NODE_START: 'minikubeMachine',
  GUEST_NODE_ADD: 'minikubeMachine',
  K8S_INSTALL_FAILED: 'minikubeKubernetes',
  K8S_INSTALL_FAILED_CONTAINER_RUNTIME_NOT_RUNNING: 'minikubeKubernetes',
  K8S_KUBELET_NOT_RUNNING: 'minikubeKubernetes',
  RUNTIME_ENABLE: 'minikubeKubernetes',
  MK_RESERVED_PROFILE: 'clusterNameInvalid',
  MK_USAGE_NO_PROFILE: 'clusterAbsent',
};

function codeOf({ reason }: MinikubeError): ErrorCode | null {
  return byReason[reason] ?? (reason.startsWith('INET_') ? 'minikubeOffline' : null);
}

/** minikube's own message and advice: newer versions have reasons that are not known here. */
function unnamed({ name, log }: MinikubeAsked, told: MinikubeError): TandemError {
  const advice = cut(told.advice || told.url || (told.issues[0] ?? ''));
  const params = { name, log, reason: told.reason || '?', detail: cut(told.message || told.reason) };
  return {
    code: 'minikubeFailed',
    params: advice === '' ? { ...params, why: 'bare' } : { ...params, advice },
  };
}

/** Only its exit code and its words are there: its profile is missing, it was asked what it does not know, or it crashed. */
function untold({ name, log }: MinikubeAsked, { exitCode, text }: MinikubeSaid): TandemError {
  if (exitCode === 85) return { code: 'clusterAbsent', params: { name } };
  const unknown = /unknown (?:flag|shorthand flag|command).*/.exec(text)?.[0];
  if (unknown !== undefined) return { code: 'toolOld', params: { tool: 'minikube', detail: cut(unknown) } };
  const params = { name, log, why: 'bare', reason: `exit ${exitCode ?? '?'}`, detail: cut(lastLine(text)) };
  return refusal(text) ?? { code: 'minikubeFailed', params };
}

function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.findLast((line) => line !== '' && !line.startsWith('{')) ?? '…';
}

/** Advice may be a list of several lines. */
const cut = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, DETAIL_CHARACTERS);
