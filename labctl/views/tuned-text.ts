// What is said of hosts that still have the kernel settings of a run that was killed.

import type { Language, Text } from '../model/language.ts';

/** One line; with the command that puts them right where nothing else is about to. */
export function tunedText(hosts: readonly string[], language: Language, command?: string): string {
  const names = hosts.join(', ');
  const text: Text = {
    en: `${names}: still with the kernel settings of a run that was killed${command ? ` → ${command} makes them as the file says` : '; made anew'}`,
    fr: `${names} : encore avec les réglages du noyau d’une exécution qui a été tuée${command ? ` → ${command} les remet comme le fichier le dit` : ' ; hôtes recréés'}`,
  };
  return ` ! ${text[language]}`;
}
