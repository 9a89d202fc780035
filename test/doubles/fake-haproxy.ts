/** Counters of one server that a test sets. */
export interface FakeServer {
  weight: number;
  status: string;
  scur: number;
  wredis: number;
}

/** The runtime commands that a front of ours uses, by what HAProxy 2.6.12 answers; records what it was told. */
export function fakeHaproxy(edge = true) {
  const server = (weight: number): FakeServer => ({ weight, status: 'UP', scur: 0, wredis: 0 });
  const servers = new Map<string, FakeServer>();
  for (const backend of ['be', 'bp']) {
    servers.set(`${backend}/core`, server(20));
    if (edge) servers.set(`${backend}/edge`, server(80));
    servers.set(`${backend}/last`, { ...server(1), status: 'no check' });
  }
  const written: string[] = [];
  const fake = {
    servers,
    /** Every command that writes, in order. */
    written,
    /** Called before a command is answered; an answer of its own stands for HAProxy's. */
    before: (_command: string): string | null | undefined => undefined,
    async ask(...commands: readonly string[]): Promise<string | null> {
      const replies = commands.map((command) => fake.answer(command));
      return replies.includes(null) ? null : replies.join('');
    },
    answer(command: string): string | null {
      const own = fake.before(command);
      if (own !== undefined) return own;
      if (command === 'show stat') return statText(servers);
      if (command === 'show info')
        return 'Name: HAProxy\nVersion: 2.6.12\nPid: 42\ndescription: tandem x\n\n';
      const [, name = ''] = /(\w+\/\w+)/.exec(command) ?? [];
      const found = servers.get(name);
      if (found === undefined) return 'No such server.\n\n';
      if (command.startsWith('get weight')) return `${found.weight} (initial 1)\n\n`;
      written.push(command);
      apply(command, found);
      return '\n';
    },
  };
  return fake;
}

function apply(command: string, server: FakeServer): void {
  const weight = / weight (\d+)$/.exec(command)?.[1];
  if (weight !== undefined) server.weight = Number(weight);
  if (command.endsWith(' state maint')) server.status = 'MAINT';
  if (command.endsWith(' state ready')) server.status = 'UP';
}

function statText(servers: ReadonlyMap<string, FakeServer>): string {
  const rows = [...servers].map(([name, { status, scur, wredis, weight }]) => {
    const shown = status === 'UP' && weight === 0 ? 'DRAIN' : status;
    return `${name.replace('/', ',')},0,${scur},0,${wredis},${shown},`;
  });
  return `# pxname,svname,qcur,scur,stot,wredis,status,\n${rows.join('\n')}\n\n`;
}
