import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { dockerEndpoint } from './docker-socket.ts';

let home: string;
let first: string;
beforeEach(() => {
  home = temporaryFolder('docker-home');
  first = join(home, 'var-run-docker.sock');
});

function put(path: string, text = ''): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const found = (env: NodeJS.ProcessEnv = {}) => dockerEndpoint(env, home, first);

describe('what a person has chosen', () => {
  test('DOCKER_HOST comes before everything; one that is not local is none', () => {
    put('.orbstack/run/docker.sock');
    put('.docker/config.json', '{"currentContext":"colima"}');
    expect(found({ DOCKER_HOST: 'unix:///here.sock' })).toMatchObject({
      path: '/here.sock',
      by: 'environment',
    });
    expect(found({ DOCKER_HOST: 'tcp://far:2375' }).path).toBeNull();
  });

  test('then the current context, by its file; DOCKER_CONTEXT before the configured one', () => {
    const context = (name: string, host: string): void => {
      const id = createHash('sha256').update(name).digest('hex');
      put(`.docker/contexts/meta/${id}/meta.json`, JSON.stringify({ Endpoints: { docker: { Host: host } } }));
    };
    context('colima-work', 'unix:///home/me/.colima/work/docker.sock');
    context('far', 'ssh://me@far');
    put('.docker/config.json', '{"currentContext":"colima-work"}');
    expect(found()).toEqual({
      path: '/home/me/.colima/work/docker.sock',
      by: 'context',
      context: 'colima-work',
      target: null,
    });
    expect(found({ DOCKER_CONTEXT: 'far' })).toMatchObject({ path: null, by: 'context', context: 'far' });
  });
});

describe('nothing chosen', () => {
  test.each([
    '.docker/run/docker.sock',
    '.docker/desktop/docker.sock',
    '.orbstack/run/docker.sock',
    '.colima/default/docker.sock',
    '.colima/work/docker.sock',
    '.config/colima/default/docker.sock',
    '.rd/docker.sock',
  ])('%s is found', (place) => {
    const path = put(place);
    expect(found()).toEqual({ path, by: 'place', context: null, target: null });
  });

  test("Colima's own folders: its default profile first, and none of Lima's", () => {
    put('.colima/_lima/docker.sock');
    const work = put('.colima/work/docker.sock');
    expect(found().path).toBe(work);
    const usual = put('.colima/default/docker.sock');
    expect(found().path).toBe(usual);
    const elsewhere = put('elsewhere/default/docker.sock');
    expect(found({ COLIMA_HOME: join(home, 'elsewhere') }).path).toBe(elsewhere);
  });

  test('a dockerd of this user alone', () => {
    const path = put('run/docker.sock');
    expect(found({ XDG_RUNTIME_DIR: join(home, 'run') }).path).toBe(path);
  });

  test('the first place is a link: it tells which runtime is meant also while that is down', () => {
    const target = join(home, '.orbstack/run/docker.sock');
    symlinkSync(target, first);
    expect(found()).toEqual({ path: null, by: 'place', context: null, target });
    put('.orbstack/run/docker.sock');
    expect(found()).toEqual({ path: first, by: 'place', context: null, target });
  });

  test('nowhere', () => {
    expect(found()).toEqual({ path: null, by: 'nowhere', context: null, target: null });
  });
});
