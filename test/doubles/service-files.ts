/** What a service manager would start: read from the file that was installed, by that manager's own rules. */
export interface ServiceCommand {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** systemd.syntax(7): words in double quotes, `\` escapes, `%%` is `%`; in the words of ExecStart `$$` is `$`. */
export function commandOfUnit(text: string): ServiceCommand {
  const lines = text.split('\n').map((line) => /^(\w+)=(.*)$/.exec(line));
  const values = (name: string): string[] =>
    lines.flatMap((line) => (line?.[1] === name ? wordsOf(line[2] ?? '') : []));
  const [program = '', ...args] = values('ExecStart');
  return {
    words: [program, ...args.map((arg) => arg.replaceAll('$$', '$'))],
    env: Object.fromEntries(values('Environment').map((pair) => splitAt(pair, pair.indexOf('=')))),
  };
}

function wordsOf(line: string): string[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  return words
    .map((word) => (word.startsWith('"') ? word.slice(1, -1) : word))
    .map((word) => word.replace(/\\(.)/g, (_all, mark: string) => (mark === 'n' ? '\n' : mark)))
    .map((word) => word.replaceAll('%%', '%'));
}

const splitAt = (text: string, at: number): [string, string] => [text.slice(0, at), text.slice(at + 1)];

/** launchd.plist(5), as far as our agents go: ProgramArguments and EnvironmentVariables. */
export function commandOfPlist(text: string): ServiceCommand {
  const part = (key: string, tag: string): string =>
    new RegExp(`<key>${key}</key>\\s*<${tag}>([\\s\\S]*?)</${tag}>`).exec(text)?.[1] ?? '';
  const texts = (inside: string, tag: string): string[] =>
    [...inside.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, found = '']) =>
      found.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
    );
  const variables = part('EnvironmentVariables', 'dict');
  const values = texts(variables, 'string');
  return {
    words: texts(part('ProgramArguments', 'array'), 'string'),
    env: Object.fromEntries(texts(variables, 'key').map((name, index) => [name, values[index] ?? ''])),
  };
}
