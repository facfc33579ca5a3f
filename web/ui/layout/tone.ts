/** Colour has meaning: what each tone says is in `styles/tokens.css`. */
export type Tone = 'neutral' | 'danger' | 'look' | 'info' | 'done' | 'brand';
