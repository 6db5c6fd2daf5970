// Light or dark: as the system says, until the reader chooses.

import type { Language } from '../model/language.ts';
import { pageWordsOf } from '../views/html/words.ts';
import { the } from './dom.ts';

const order = ['auto', 'light', 'dark'] as const;

/** The button goes round: as the system, light, dark. The choice lasts as long as the page. */
export function themeButton(language: Language): void {
  const button = the('theme', HTMLButtonElement);
  const names = pageWordsOf(language).tool.theme;
  let chosen: (typeof order)[number] = 'auto';
  button.hidden = false;
  button.addEventListener('click', () => {
    chosen = order[(order.indexOf(chosen) + 1) % order.length] ?? 'auto';
    if (chosen === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    button.textContent = names[chosen];
  });
}
