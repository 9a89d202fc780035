import { connectToEngine } from '../../platform/engine-client.ts';
import { verdict, type Check } from '../check.ts';

/** An engine runs in this home and answers at its door. */
export const engineCheck: Check = {
  name: 'engine',
  async run({ platform }) {
    const client = await connectToEngine(platform.home);
    if (!client.ok) return verdict('engine', 'advice', 'doctor.engine.none', {}, 'doctor.engine.none.action');
    const info = await client.value.call('engine.info', {});
    client.value.close();
    return info.ok
      ? verdict('engine', 'ok', 'doctor.engine.ok', { pid: info.value.pid })
      : verdict('engine', 'problem', 'doctor.engine.silent', {}, 'doctor.engine.silent.action');
  },
};
