/** How serious something is; each tone has a colour, and never only a colour. */
export type Tone = 'ok' | 'warn' | 'bad' | 'dim';
