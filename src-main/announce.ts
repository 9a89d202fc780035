/** What tests and benchmarks wait for. */
export type Announcement =
  | { readonly event: 'trayReady' }
  | { readonly event: 'popoverShown'; readonly ms: number; readonly cold: boolean };

/** Says it on standard output, one JSON object a line, when TANDEM_ANNOUNCE=1; else nothing. */
export function announcer(env: NodeJS.ProcessEnv): (announcement: Announcement) => void {
  if (env['TANDEM_ANNOUNCE'] !== '1') return () => undefined;
  return (announcement) => void process.stdout.write(`${JSON.stringify(announcement)}\n`);
}
