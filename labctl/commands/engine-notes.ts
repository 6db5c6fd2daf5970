// Shows what an engine says while it works: lines that stay, and on a terminal one line that changes while it builds.

import type { OnEngineEvent } from '../engine/engine.ts';
import type { Session } from './session.ts';

export async function engineNotes(session: Session): Promise<OnEngineEvent> {
  const { engineProgress, passesBy } = await import('../views/progress.ts');
  const style = session.errorStyle();
  return (event) => {
    const text = engineProgress(event, style);
    const passes = passesBy(event);
    if (passes === 'no' || (passes === 'a stage' && !session.showsPassing)) session.note(text);
    else session.pass(text);
  };
}
