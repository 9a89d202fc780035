import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/doubles/temporary-folder.ts';
import { dockerEndpoint, dockerEndpoints, foundAt } from './docker-socket.ts';

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
function context(name: string, host: string, folder = '.docker'): void {
  const id = createHash('sha256').update(name).digest('hex');
  put(`${folder}/contexts/meta/${id}/meta.json`, JSON.stringify({ Endpoints: { docker: { Host: host } } }));
}

describe('what a person has chosen', () => {
  test('DOCKER_HOST comes before everything; one that is not local is none', () => {
    put('.orbstack/run/docker.sock');
    put('.docker/config.json', '{"currentContext":"colima"}');
    expect(found({ DOCKER_HOST: 'unix:///here.sock' })).toMatchObject({
      path: '/here.sock',
      by: 'environment',
    });
    expect(found({ DOCKER_HOST: 'tcp://far:2375' }).path).toBeNull();
    // Node would ask a port of this machine.
    expect(found({ DOCKER_HOST: 'unix://' })).toMatchObject({ path: null, by: 'environment' });
  });

  test('what is chosen may be a place of a runtime of this Mac, itself or where it leads', () => {
    const place = join(home, '.orbstack/run/docker.sock');
    const link = join(home, 'mine.sock');
    symlinkSync(place, link);
    expect(found({ DOCKER_HOST: `unix://${place}` })).toMatchObject({ isPlace: true, target: null });
    expect(found({ DOCKER_HOST: `unix://${link}` })).toMatchObject({ isPlace: true, target: place });
    expect(found({ DOCKER_HOST: 'unix:///tmp/forwarded.sock' }).isPlace).toBe(false);
    // Anybody may have linked the first place anywhere.
    expect(found({ DOCKER_HOST: `unix://${first}` }).isPlace).toBe(false);
  });

  test('a context that Docker has lost is a name, and one that leads away is not', () => {
    expect(found({ DOCKER_CONTEXT: 'colima' })).toMatchObject({
      path: null,
      by: 'lostContext',
      context: 'colima',
    });
    context('colima', 'ssh://me@far');
    expect(found({ DOCKER_CONTEXT: 'colima' })).toMatchObject({ path: null, by: 'context' });
  });

  test("Docker's own folder is where DOCKER_CONFIG says", () => {
    put('.docker/config.json', '{"currentContext":"colima"}');
    context('work', 'unix:///work.sock', 'elsewhere');
    put('elsewhere/config.json', '{"currentContext":"work"}');
    expect(found({ DOCKER_CONFIG: join(home, 'elsewhere') }).path).toBe('/work.sock');
  });

  test('then the current context, by its file; DOCKER_CONTEXT before the configured one', () => {
    context('colima-work', 'unix:///home/me/.colima/work/docker.sock');
    context('far', 'ssh://me@far');
    put('.docker/config.json', '{"currentContext":"colima-work"}');
    expect(found()).toEqual({
      path: '/home/me/.colima/work/docker.sock',
      by: 'context',
      context: 'colima-work',
      target: null,
      isPlace: false,
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
    expect(found()).toEqual({ path, by: 'place', context: null, target: null, isPlace: true });
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
    expect(found()).toEqual({ path: null, by: 'place', context: null, target, isPlace: true });
    put('.orbstack/run/docker.sock');
    expect(found()).toEqual({ path: first, by: 'place', context: null, target, isPlace: true });
  });

  test('a socket that is not the first counts once it was found to be the one, while it is there', () => {
    const dead = put('.docker/run/docker.sock');
    const alive = put('.colima/default/docker.sock');
    const env = {};
    expect(dockerEndpoints(env, home, first).map(({ path }) => path)).toEqual([dead, alive]);
    expect(found(env).path).toBe(dead);
    foundAt(env, alive);
    expect(found(env).path).toBe(alive);
    // What a person has chosen comes before what was found.
    expect(found({ DOCKER_HOST: 'unix:///here.sock' }).path).toBe('/here.sock');
    rmSync(alive);
    expect(found(env).path).toBe(dead);
  });

  test('nowhere', () => {
    expect(found()).toEqual({ path: null, by: 'nowhere', context: null, target: null, isPlace: false });
  });
});
