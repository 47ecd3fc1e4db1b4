// Which towns a map of the whole country names: the data knows no populations.

export const largest = new Set([
  'Amsterdam', 'Rotterdam', 'The Hague', 'Den Haag', 'Utrecht', 'Eindhoven', 'Groningen', 'Tilburg', 'Almere', 'Almere Stad', 'Breda', 'Nijmegen',
  'Apeldoorn', 'Arnhem', 'Haarlem', 'Enschede', 'Amersfoort', "'s-Hertogenbosch", 'Zwolle', 'Leiden', 'Leeuwarden', 'Maastricht',
  'Dordrecht', 'Deventer', 'Alkmaar', 'Venlo', 'Middelburg', 'Assen', 'Emmen', 'Lelystad', 'Den Helder', 'Heerlen', 'Hengelo',
  'Roermond', 'Roosendaal', 'Gouda', 'Zaanstad', 'Hilversum', 'Sneek', 'Terneuzen',
]);

export const foreign = new Set([
  'BE Antwerpen', 'BE Gent', 'BE Brussels', 'BE Brussel', 'BE Brugge', 'BE Liège', 'BE Hasselt', 'BE Leuven', 'DE Köln', 'DE Cologne', 'DE Düsseldorf',
  'DE Essen', 'DE Dortmund', 'DE Münster', 'DE Osnabrück', 'DE Oldenburg', 'DE Bremen', 'DE Aachen', 'DE Emden', 'DE Duisburg',
  'GB London', 'FR Lille', 'LU Luxembourg', 'DE Hamburg', 'DE Hannover', 'DE Frankfurt am Main',
]);

/** Names that the data has in English only. */
export const renamed = { 'The Hague': 'Den Haag', Brussels: 'Brussel', 'Almere Stad': 'Almere' };
