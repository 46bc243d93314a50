// Who is in the sample data.

export const password = 'correct horse 1';
export const passphraseOfKey = 'blue harbour 7';
export const masterOfBert = 'flour and water 9';
export const rhea = ['Staff', 'rhea@nordwind.example', password];
export const tessa = ['Staff', 'tessa@nordwind.example', password];
export const sal = ['Staff', 'sal@nordwind.example', password];
export const anna = ['Client', 'anna@clients.example', password];
export const mara = ['Staff', 'mara@nordwind.example', password];
export const dan = ['Client', 'dan@clients.example', password];
export const bert = ['Client', 'bert@clients.example', password];
export const cleo = ['Client', 'cleo@clients.example', password];
