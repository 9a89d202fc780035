import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate and its key, as PEM text and as files. */
export interface Pem {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

export interface Wish {
  /** As openssl has it: `/O=system:masters/CN=admin`. */
  readonly subject: string;
  readonly usage: 'serverAuth' | 'clientAuth';
  /** As openssl has it: `IP:127.0.0.1,DNS:localhost`. */
  readonly names?: string;
  /** Default: a day ago. */
  readonly from?: Date;
  /** Default: two days from now. */
  readonly until?: Date;
}

/** Signs certificates for one plane; one after another, as openssl keeps a file of what it has signed. */
export interface Authority {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  issue(name: string, wish: Wish): Promise<Pem>;
}

const DAY_MS = 24 * 3_600_000;
const P256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

const configOf = (folder: string): string => `
[req]
distinguished_name = dn
[dn]
[ca]
default_ca = lab
[lab]
database = ${folder}/index.txt
serial = ${folder}/serial
new_certs_dir = ${folder}
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
organizationName = optional
commonName = supplied
`;

/** @param folder of its own; what is made is in it */
export async function openAuthority(folder: string, name: string): Promise<Authority> {
  const at = (file: string): string => join(folder, file);
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args);
  const config = ['-config', at('openssl.cnf')];
  await writeFile(at('openssl.cnf'), configOf(folder));
  await writeFile(at('index.txt'), '');
  await writeFile(at('serial'), randomBytes(8).toString('hex'));
  const uses = [
    'basicConstraints=critical,CA:TRUE',
    'keyUsage=critical,keyCertSign,cRLSign,digitalSignature',
  ];
  const own = ['-keyout', at('ca.key'), '-out', at('ca.crt'), '-subj', `/CN=${name}-ca`, '-days', '30'];
  await openssl('req', '-x509', ...config, ...P256, ...own, ...uses.flatMap((use) => ['-addext', use]));
  async function signed(file: string, { subject, usage, names, from, until }: Wish): Promise<Pem> {
    const [certFile, keyFile, request] = [at(`${file}.crt`), at(`${file}.key`), at(`${file}.csr`)];
    const says = [`extendedKeyUsage=${usage}`, ...(names === undefined ? [] : [`subjectAltName=${names}`])];
    const extensions = says.flatMap((one) => ['-addext', one]);
    const output = ['-keyout', keyFile, '-out', request, '-subj', subject];
    await openssl('req', '-new', ...config, ...P256, ...output, ...extensions);
    const times = ['-startdate', openTime(from, -DAY_MS), '-enddate', openTime(until, 2 * DAY_MS)];
    const by = ['-cert', at('ca.crt'), '-keyfile', at('ca.key'), '-notext', '-batch'];
    await openssl('ca', ...config, ...by, ...times, '-in', request, '-out', certFile);
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    return { certFile, keyFile, cert, key };
  }
  let last: Promise<unknown> = Promise.resolve();
  return {
    certFile: at('ca.crt'),
    keyFile: at('ca.key'),
    cert: await readFile(at('ca.crt'), 'utf8'),
    issue(file, wish) {
      const made = last.then(() => signed(file, wish));
      last = made.catch(() => undefined);
      return made;
    },
  };
}

/** `20260102030405Z`. */
function openTime(date: Date | undefined, otherwiseMs: number): string {
  const time = date ?? new Date(Date.now() + otherwiseMs);
  return `${time.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
}

/** The key pair of a plane's service accounts, as files. */
export async function serviceAccountKeys(
  folder: string,
): Promise<{ privateFile: string; publicFile: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const [privateFile, publicFile] = [join(folder, 'sa.key'), join(folder, 'sa.pub')];
  await writeFile(privateFile, privateKey, { mode: 0o600 });
  await writeFile(publicFile, publicKey);
  return { privateFile, publicFile };
}
