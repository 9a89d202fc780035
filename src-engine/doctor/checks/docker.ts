import { connect } from 'node:net';
import { verdict, type Check } from '../check.ts';

const LIMIT_MS = 2000;

/** The container runtime answers on its socket. */
export const dockerCheck: Check = {
  name: 'docker',
  async run({ dockerSocket }) {
    if (dockerSocket === null)
      return verdict('docker', 'advice', 'doctor.docker.none', {}, 'doctor.docker.none.action');
    return (await opens(dockerSocket))
      ? verdict('docker', 'ok', 'doctor.docker.ok', { socket: dockerSocket })
      : verdict(
          'docker',
          'problem',
          'doctor.docker.down',
          { socket: dockerSocket },
          'doctor.docker.down.action',
        );
  },
};

function opens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(LIMIT_MS, end(false));
    socket.once('connect', end(true));
    socket.once('error', end(false));
  });
}
