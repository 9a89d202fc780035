/**
 * The closed list of error codes, per room. Each has a sentence and a next step in language/
 * (a test checks that both languages have both). Codes are public: scripts match on them.
 */
const engineCodes = [
  'engineNotRunning',
  'engineAlreadyRunning',
  'engineLost',
  'internal',
  'unknownMethod',
  'badArguments',
  'badRequest',
  'lineTooLong',
  'notFound',
  'diskFull',
  'notConfirmed',
] as const;

const settingsCodes = ['settingUnknown', 'settingInvalid', 'settingsUnreadable'] as const;

const clusterCodes = [
  'clusterBusy',
  'clusterUnknown',
  'clusterExists',
  'clusterAbsent',
  'clusterNameInvalid',
  'clusterNotRunning',
  'clusterHasNoKubeconfig',
  'cancelled',
  'nothingToCancel',
  'memoryRefused',
  'memoryRolledBack',
  'stepTimedOut',
  'notAsExpected',
  'toolMissing',
  'toolFailed',
  'dockerDown',
  'portTaken',
  'imageMissing',
  'nodeGone',
  'nodeExited',
  'kubeadmFailed',
  'providerUnsupported',
  'minikubeFailed',
  'apiUnreachable',
  'apiSlow',
  'apiBusy',
  'apiFailing',
  'apiDenied',
  'apiCertExpired',
  'apiCertEarly',
  'kubeconfigMissing',
  'kubeconfigOther',
  'podsStay',
] as const;

const linkCodes = [
  'notPaired',
  'alreadyPaired',
  'pairingNotOpen',
  'pairingBusy',
  'pairingExpired',
  'pairingDifferent',
  'pairingDeclined',
  'pairingBroken',
  'pairingForged',
  'pairingLocked',
  'pairingForgotten',
  'nothingToAnswer',
  'peerUnreachable',
  'peerNotTandem',
  'addressInvalid',
  'ownAddress',
  'rolesEqual',
  'peerKeyChanged',
  'peerKeyUnknown',
  'peerIsOld',
  'selfIsOld',
  'identityUnreadable',
  'linkPortTaken',
  'noNetwork',
  'networkNotHome',
  'localNetworkDenied',
  'peerAway',
  'peerRefused',
] as const;

const trafficCodes = [
  'frontDown',
  'frontPortTaken',
  'frontNotFound',
  'frontTooOld',
  'frontRefused',
  'frontEdited',
  'backendInvalid',
  'backendWrong',
  'weightConflict',
  'weightNotLive',
  'gateDown',
  'gatePortTaken',
] as const;

const handoffCodes = [
  'notOnEdge',
  'leaveFirst',
  'singleMac',
  'nothingToReturn',
  'alreadyServing',
  'coreUnfit',
  'coreAway',
  'peerSilent',
  'drainIncomplete',
  'deadlinePassed',
  'epochOld',
  'recordUnreadable',
  'reasonsLeft',
  'coolingDown',
  'returnFailed',
  'flapping',
  'noData',
  'edgeUnfit',
  'agentSilent',
  'tooLateToCancel',
  'departureRuns',
  'stopFailed',
  'serviceManagerMissing',
] as const;

const tunnelCodes = [
  'tunnelNotLan',
  'serviceUnknown',
  'serviceNotTcp',
  'serviceTaken',
  'notExported',
  'tooManyExports',
  'namespaceMissing',
  'noReadyPods',
  'relayDown',
  'relayPortTaken',
  'relayUnreachable',
  'podsCannotReach',
  'namesTaken',
] as const;

export const errorCodes = [
  ...engineCodes,
  ...settingsCodes,
  ...clusterCodes,
  ...linkCodes,
  ...trafficCodes,
  ...handoffCodes,
  ...tunnelCodes,
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export function isErrorCode(value: unknown): value is ErrorCode {
  return (errorCodes as readonly unknown[]).includes(value);
}
