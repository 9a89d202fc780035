/** A pod of the cluster's DNS that runs and is not ready. */
export interface WaitingDns {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly node: string;
  readonly address: string;
  /** Its node takes pods: what replaces it has a place. */
  readonly hasPlace: boolean;
}

/**
 * What makes a start shorter through the cluster's API. Nothing here decides whether it may be done: each says what it
 * must not be given. The caller's port, satisfied by the kube room.
 */
export interface StartHelp {
  /**
   * Gives up the leases of controller manager and scheduler whose holders ended with their node, as they do themselves
   * when they end in peace.
   *
   * @param startedAt of each node's container: a lease that was renewed before then has a dead holder
   * @returns false: the API did not answer, or a lease changed meanwhile; it may be tried again
   */
  releaseDead(startedAt: ReadonlyMap<string, Date>): Promise<boolean>;
  /** Those of the DNS that run and are not ready, and where the API's Service is; null: the API did not tell. */
  waitingDns(): Promise<{ readonly apiAddress: string; readonly pods: readonly WaitingDns[] } | null>;
  /** Has that very pod replaced by its Deployment; false when the API did not do it. */
  replace(pod: WaitingDns): Promise<boolean>;
}
