/** So many dials in a row; one alone may meet an engine that listens but has not read its peer yet. */
export const REFUSALS_THAT_TELL = 3;

/**
 * Does the other Mac still know this one? One that knows no peer refuses `tandem/1` in the handshake, before
 * it shows a key: anybody at that address can do that. So it is a hint for people's words and nothing else.
 */
export interface Unpaired {
  /** A dial to the last good address ended. True when a person is to hear of it now. */
  met(alpnRefused: boolean): boolean;
  /** A session stood, or another Mac is paired: what is met from here on is news. */
  anew(): void;
}

export function unpaired(): Unpaired {
  let inARow = 0;
  let told = false;
  return {
    met(alpnRefused) {
      inARow = alpnRefused ? inARow + 1 : 0;
      if (told || inARow < REFUSALS_THAT_TELL) return false;
      told = true;
      return true;
    },
    anew() {
      inARow = 0;
      told = false;
    },
  };
}
