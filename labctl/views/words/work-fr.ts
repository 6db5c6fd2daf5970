// What labctl says of its own work: labs, steps, captures, the machine, in French.

import { plural } from './plural-fr.ts';
import type { WorkWords } from './work-en.ts';

export const work: WorkWords = {
  validate: { scenario: 'un scénario, sans erreur', compose: 'un fichier Compose, sans erreur' },
  dryRun: {
    lab: (lab: string, file: string, hosts: string) =>
      `lab ${lab}, de ${file} ; prennent part et sont enregistrés : ${hosts}`,
    anew: (host: string, settings: string) => `${host} est recréé pour l’exécution, avec ${settings}`,
    programs: (host: string, paths: string) => `mis dans /work de ${host} et construit là : ${paths}`,
    own: (role: string, by: string) =>
      `votre propre ${role === 'server' ? 'serveur' : 'client'}, ${by}, remplace celui du lab ; il est construit dans ses hôtes`,
    wire: (rule: string) => `sur le fil dès le début : ${rule}`,
    steps: (count: number) => `${count} étape${count > 1 ? 's' : ''}`,
    beside: (branch: number) => `∥${branch}`,
    expectations: (count: number) => `${count} attente${count > 1 ? 's' : ''}`,
    nothing: 'Rien n’a été lancé.',
  },
  progress: {
    prompt: (step, steps, summary) => `Entrée : étape ${step} sur ${steps}, ${summary}`,
    recording: (host, interfaces) => `enregistrement de ${host} (${interfaces})`,
    step: (step, summary) => `étape ${step} : ${summary}`,
    failed: (step, awaited, seen) => `étape ${step} échouée : attendu ${awaited} ; vu : ${seen}`,
    started: (program, host, command) => `${program} lancé sur ${host} : ${command}`,
    ended: (program, code) => `${program} s’est terminé, code ${code}`,
    dropped: (where, dropped, captured) => `${where} : ${dropped} paquets perdus sur ${captured + dropped}`,
    stopped: (why) => `arrêté : ${why}`,
    clockStepped: (by) =>
      `l’horloge de la machine a sauté de ${by} : les temps d’avant et d’après ne vont pas ensemble`,
    pulling: (image) => `téléchargement de ${image}`,
    building: (image) => `construction de ${image}`,
    ready: (image, built) => `image ${image} ${built ? 'construite' : 'à jour'}`,
    networkCreated: (network, subnet) => `réseau ${network} ${subnet}`,
    hostCreated: (host) => `hôte ${host} créé`,
    hostStarted: (host) => `hôte ${host} démarré`,
    hostRemoved: (host) => `hôte ${host} supprimé`,
    networkRemoved: (network) => `réseau ${network} supprimé`,
    networkStuck: (network) => `réseau ${network} : reste, vide, tant que Docker, qui compte mal, tourne`,
    byHand: (shell) =>
      `Enregistrement jusqu’à Ctrl-C. Ouvrez maintenant des shells, chacun dans son terminal :\n  ${shell}\n(D’un shell déjà ouvert, les paquets sont enregistrés, mais pas les appels.)`,
    capturing: (points) => `capture de ${points} jusqu’à Ctrl-C`,
    captured: (point, packets, dropped) =>
      `${point} : ${plural(packets, 'paquet')}, ${plural(dropped, 'perdu')} par la capture`,
    saving: (file, size) => `écriture des images dans ${file} … ${size}`,
    loading: (file, size) => `chargement des images de ${file} … ${size}`,
  },
  lab: {
    up: (lab, engine, hosts) => `Le labo ${lab} est en place sur le moteur ${engine} : ${plural(hosts, 'hôte')}.`,
    unchanged: (lab, engine) => `Le labo ${lab} est déjà en place sur le moteur ${engine} ; il n’y a rien à changer.`,
    engineTaken: (engine) =>
      engine === 'embedded'
        ? 'Moteur : embedded, des hôtes faits des programmes de cette machine. Le même labo sur Docker, à côté de celui-ci :'
        : `Moteur : ${engine}.`,
    down: (lab, objects, stuck) =>
      stuck > 0
        ? `Le labo ${lab} est retiré, sauf ${plural(stuck, 'réseau vide', 'réseaux vides')} : ${plural(objects, 'objet supprimé', 'objets supprimés')}.`
        : objects === 0
          ? `Le labo ${lab} n’est pas en place ; il n’y a rien à supprimer.`
          : `Le labo ${lab} est retiré : ${plural(objects, 'objet supprimé', 'objets supprimés')}.`,
    none: 'Aucun labo n’est en place.',
    busy: 'trop occupé pour le dire',
    imagesBuilt: 'Images construites.',
    imagesCurrent: 'Rien à construire : toutes les images sont à jour.',
    imageLoaded: (image) => `${image} chargée`,
    title: (lab, engine) => `${lab} (${engine})`,
    noScenarios: 'Il n’y a pas de scénario ici.',
    noRuns: 'Il n’y a pas encore d’exécution.',
    state: { running: 'en marche', created: 'créé', exited: 'terminé', paused: 'en pause', other: 'autre' },
  },
  capture: {
    summary: (packets: string, bytes: string, segments: string) =>
      `${packets} paquets, dont ${segments} de TCP ; ${bytes} octets sur le fil`,
    lasts: (from: string, duration: string) => `à partir du ${from} UTC, pendant ${duration}`,
    onePoint: 'Un seul point de capture : il montre ce qui en est parti ou y est passé, pas ce qui est arrivé.',
    noTcp: 'Il n’y a pas de TCP dans cette capture.',
    conversation: 'conversation',
    packets: 'paquets',
    happened: 'fin, et analyse de Wireshark',
    more: (conversations: string) => `et ${conversations} autres conversations ; --all les montre`,
    stream: (number: number) => `La conversation ${number} est tcp.stream ${number - 1} dans Wireshark.`,
    damaged: (what: string) => `La capture est abîmée : ${what}.`,
    dropped: (count: string, where: string) => `${count} paquets perdus par l’enregistrement à ${where}`,
    choose: 'Dessiner une conversation : --conversation N ; tout : --all.',
    chooseAll: 'Tout dessiner : --all.',
    quoted: 'cité par ICMP',
    ladder: 'Ce qui a été capturé, trame par trame',
  },
  doctor: { ok: 'ok', mended: 'réparé', untried: 'non essayé', todo: 'à faire', optional: 'facultatif' },
};
