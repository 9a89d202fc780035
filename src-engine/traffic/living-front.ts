import type { Home } from '../platform/home.ts';
import type { Logger } from '../platform/log.ts';
import { isAlive, refOf } from '../platform/processes.ts';
import { fileOf, pidBehind, socketOf } from './haproxy/haproxy-life.ts';
import { ownCommands, type OwnCommand } from './process/own-commands.ts';
import { configFileOf, controlSocketOf, pidOfState } from './process/own-program.ts';
import { readProcessRecord, writeProcessRecord } from './process/process-record.ts';

type Kind = 'haproxy' | 'embedded';

export interface LivingPorts {
  readonly home: Home;
  readonly log: Logger;
  /** Default: of the system. */
  commands?(): Promise<readonly OwnCommand[]>;
}

/**
 * The front of this home that lives: by its record, or, when that was lost, by its command line, which names the
 * home. What is found so is recorded again: it is adopted like any other, or ended by who cannot, and never stands
 * beside a second one on the same port.
 */
export async function lookForFront({ home, log, commands = ownCommands }: LivingPorts): Promise<Kind | null> {
  const record = await readProcessRecord(home, 'front');
  if (record !== null && record.kind !== 'gate' && record.kind !== 'relay' && (await isAlive(record)))
    return record.kind;
  const found = frontsAmong(await commands(), home);
  const [first] = found;
  if (first === undefined) return null;
  const answering = await pidThatAnswers(home);
  const front = found.find(({ pid }) => pid === answering) ?? first;
  const ref = await refOf(front.pid);
  if (ref === null) return null;
  const { kind } = front;
  const others = await Promise.all(found.filter((one) => one !== front).map(({ pid }) => refOf(pid)));
  const socket = socketFor(kind, home);
  const before = others.filter((one) => one !== null);
  log.warn({ ...ref, kind, before }, 'front: its record is lost, it was found by its command line');
  await writeProcessRecord(home, 'front', {
    ...ref,
    kind,
    socket,
    listen: 'unknown',
    program: 'unknown',
    before,
  }).catch((error: unknown) => log.warn({ error: String(error) }, 'front: its record cannot be written'));
  return kind;
}

/** What a Gateway's front leaves behind on this Mac: its route outlives everything else of it. */
export async function lookForPassage(home: Home): Promise<'gateway-api' | null> {
  const record = await readProcessRecord(home, 'passage');
  return record !== null && (await isAlive(record)) ? 'gateway-api' : null;
}

const socketFor = (kind: Kind, home: Home): string =>
  kind === 'haproxy' ? socketOf({ home }) : controlSocketOf(home, 'front');

async function pidThatAnswers(home: Home): Promise<number | null> {
  return (await pidOfState(socketFor('embedded', home))) ?? pidBehind(socketFor('haproxy', home));
}

interface FoundFront {
  readonly kind: Kind;
  readonly pid: number;
}

/** Fronts of a home among what runs: the ones that others take over from (`-sf`) last, the youngest first. */
export function frontsAmong(commands: readonly OwnCommand[], home: Home): readonly FoundFront[] {
  const replaced = new Set<number>();
  const found = commands.flatMap(({ pid, line }): FoundFront[] => {
    const kind = kindOf(line, home);
    if (kind === null) return [];
    const [, pids = ''] = / -sf ([\d ]+)/.exec(line) ?? [];
    for (const old of pids.split(' ')) replaced.add(Number(old));
    return [{ kind, pid }];
  });
  const rank = ({ pid }: FoundFront): number => (replaced.has(pid) ? 1 : 0);
  return found.sort((one, other) => rank(one) - rank(other) || other.pid - one.pid);
}

/** As haproxy-life.ts and own-program.ts start them; a check of HAProxy (`-c -f …`) is no front. */
function kindOf(line: string, home: Home): Kind | null {
  const words = `${line} `;
  if (words.includes(` -db -f ${fileOf({ home })} `)) return 'haproxy';
  const own = ` --mode=front --home=${home.root} --config=${configFileOf(home, 'front')} `;
  return words.includes(own) ? 'embedded' : null;
}
