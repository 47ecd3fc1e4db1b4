import type { Api } from '../api/client.ts';
import { t } from '../i18n/language.ts';
import type { Choice, Source } from '../palette/chooser.ts';
import { violationText } from '../schedule/lift.ts';
import type { Planning } from './commands.ts';
import { span } from './facts.ts';
import type { Candidate, Card } from './types.ts';

/** Who can make a visit, the best first; then who can't, and why. */
export function candidatesOf(api: Api, planning: Planning, card: Card, day: string, plateOf: (vehicleId: string) => string | undefined): Source {
  const asked = api.get<Candidate[]>(`/api/visits/${card.id}/candidates?day=${day}`);
  // Told where it is waited for.
  asked.catch(() => undefined);
  return async typed => (await asked).flatMap((candidate): Choice[] => {
    const { name, planned, answer, teamId, vehicleId } = candidate;
    const title = [name, vehicleId && plateOf(vehicleId)].filter((part, i, all) => part && all.indexOf(part) === i).join(' · ');
    if (!title.toLowerCase().includes(typed.toLowerCase())) {
      return [];
    }

    const detail = [
      planned && span(planned.start, planned.end),
      typeof answer.addedTravelMinutes === 'number' ? t('addedTravel', { n: answer.addedTravelMinutes }) : null,
      typeof answer.slackMinutes === 'number' ? t('slackOf', { n: answer.slackMinutes }) : null,
      ...answer.violations.map(violationText),
    ].filter(Boolean).join(' · ');
    return [{
      title, detail, isDoubtful: !answer.feasible, kind: planned ? undefined : t('noRoom'),
      run: () => planned && void planning.plan(card, { start: Date.parse(planned.start), end: Date.parse(planned.end), teamId: teamId ?? null, vehicleId: vehicleId ?? null }),
    }];
  });
}
