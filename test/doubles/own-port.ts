import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

let count = 0;

/** A port below the ephemeral ones that no other test process of this run is given: by its pid, and in turn. */
export function ownPort(): number {
  count += 1;
  return 20_000 + (process.pid % 1000) * 10 + (count % 10);
}

/** A home whose built-in cluster is reached on a port of its own: tests run side by side. */
export function giveOwnHostPort(home: string): void {
  const file = join(home, 'engine.json');
  if (!existsSync(file))
    writeFileSync(file, JSON.stringify({ cluster: { hostPort: ownPort() } }), { mode: 0o600 });
}
