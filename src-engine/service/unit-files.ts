/** What a service manager needs to know to run the engine. Every path is absolute. */
export interface ServicePlan {
  /** Node, or the packaged app's Electron, which runs as Node. */
  readonly program: string;
  readonly args: readonly string[];
  /** TANDEM_HOME, and what else the engine must see. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder for what the engine writes to its standard output. */
  readonly logs: string;
}

/** launchd's name of the agent; one per home, so that two homes never fight for it. */
export const serviceLabel = (homeId: string): string => `app.tandem.engine.${homeId}`;

/** Seconds between two starts of an engine that ends at once: neither manager may spin. */
const RESTART_SECONDS = 2;

/** systemd.service(5). `Restart=always`: also an engine that was asked to end comes back, as long as it is installed. */
export function systemdUnit({ program, args, env }: ServicePlan): string {
  const variables = Object.entries(env).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`);
  // In its words, not in the program's path, systemd would take `$` for a variable.
  const words = args.map((word) => quoted(word.replaceAll('$', '$$$$')));
  return [
    '[Unit]',
    'Description=Tandem engine',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    `ExecStart=${[quoted(program), ...words].join(' ')}`,
    ...variables,
    'Restart=always',
    `RestartSec=${RESTART_SECONDS}`,
    // The front and the gate outlive their engine: they are adopted by the next one (design decision 2).
    'KillMode=process',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}

/** In double quotes, one line, `%` not as a specifier (systemd.syntax(7), systemd.unit(5)). */
function quoted(word: string): string {
  const text = word.replace(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
  return `"${text.replaceAll('%', '%%')}"`;
}

/** launchd.plist(5). `AbandonProcessGroup`: the front and the gate outlive their engine. */
export function launchdPlist(label: string, { program, args, env, logs }: ServicePlan): string {
  const words = [program, ...args].map((word) => `    <string>${escaped(word)}</string>`);
  const variables = Object.entries(env).flatMap(([name, value]) => [
    `    <key>${escaped(name)}</key>`,
    `    <string>${escaped(value)}</string>`,
  ]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    `  <key>Label</key>\n  <string>${escaped(label)}</string>`,
    `  <key>ProgramArguments</key>\n  <array>\n${words.join('\n')}\n  </array>`,
    `  <key>EnvironmentVariables</key>\n  <dict>\n${variables.join('\n')}\n  </dict>`,
    '  <key>RunAtLoad</key>\n  <true/>',
    '  <key>KeepAlive</key>\n  <true/>',
    `  <key>ThrottleInterval</key>\n  <integer>${RESTART_SECONDS}</integer>`,
    '  <key>AbandonProcessGroup</key>\n  <true/>',
    // Without it macOS may slow a program that has no window (research/desktop-shell.md, App Nap).
    '  <key>ProcessType</key>\n  <string>Interactive</string>',
    `  <key>StandardErrorPath</key>\n  <string>${escaped(`${logs}/service.log`)}</string>`,
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
