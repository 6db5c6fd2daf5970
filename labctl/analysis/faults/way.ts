// A server that works, but in another way than its scenario is about.

import type { Fault } from '../../model/checked.ts';
import type { Stand } from './stand.ts';

const anyModel = {
  en: '`--any-model` leaves the way of working out, and judges only what clients can see.',
  fr: '`--any-model` laisse de côté la façon de travailler, et ne juge que ce que voient les clients.',
};

/** Everything came back as it should, and only an expectation `only: model` (or its step) is not as asked. */
export function servesTogether({ report, failed, talks }: Stand): Fault | undefined {
  const unmet = report.verdicts.filter(({ verdict }) => verdict === 'unmet').map(({ expectation }) => expectation);
  const step =
    failed && report.scenario.steps.find(({ place }) => failed.place.endsWith(`:${place.line}:${place.col}`));
  const ofModel = unmet.filter(({ only }) => only === 'model');
  if (step?.only === 'model' && talks.length > 1)
    return {
      id: 'serves-at-once',
      reason: {
        en: `it answered ${talks.at(-1)?.other} while ${talks[0]?.other} was still connected; this scenario is about a server that serves one client at a time`,
        fr: `il a répondu à ${talks.at(-1)?.other} alors que ${talks[0]?.other} était encore connecté ; ce scénario parle d’un serveur qui sert un client à la fois`,
      },
      hint: anyModel,
    };
  const [one] = ofModel;
  if (failed || one === undefined || ofModel.length < unmet.length) return undefined;
  return {
    id: 'other-model',
    reason: {
      en: `it serves its clients, but not in the way that was asked for: ${one.say.en}`,
      fr: `il sert ses clients, mais pas de la façon demandée : ${one.say.fr}`,
    },
    hint: anyModel,
  };
}
