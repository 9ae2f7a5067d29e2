/** Invented persons, a drawn portrait and a drawn signature for cards and letters: nobody's names, numbers or face. */
import sharp from 'sharp'

export const SITI = {
  nik: '3276015703920004',
  person: {
    name: 'Siti Rahmawati Contoh',
    birthDate: '1992-03-17',
    sex: 'female',
    birthPlace: 'Bandung',
    address: {
      street: 'Jl. Melati Raya No. 12',
      rt: '003',
      rw: '011',
      village: 'Pancoran Mas',
      district: 'Pancoran Mas',
      regency: 'Kota Depok',
      province: 'Jawa Barat',
      postalCode: '16436',
    },
    religion: 'Islam',
    maritalStatus: 'Kawin',
    occupation: 'Karyawan Swasta',
    nationality: 'WNI',
    bloodType: 'AB',
  },
}

const LONG_NAME = 'Raden Ayu Kusumawardhani Prawirodirdjo Sastronegoro Tjokroaminoto'

/** Whatever is long. Two hundred characters of a name, as many as a record can hold. */
export const LONGEST = {
  nik: '9271027012880012',
  person: {
    name: `${LONG_NAME} ${LONG_NAME} ${LONG_NAME} ${LONG_NAME}`.slice(0, 200),
    birthDate: '1988-12-30',
    sex: 'female',
    birthPlace: 'Kepulauan Tanimbar Selatan Daya',
    address: {
      street:
        'Perumahan Griya Kencana Permai Asri Blok ZZ 12 Nomor 345, Jalan Jenderal Besar Doktor Abdul Haris Nasution',
      rt: '003',
      rw: '011',
      village: 'Tanjung Pinang Barat Laut Daya Raya Kencana Permai Selatan',
      district: 'Kepulauan Sula Besi Barat Daya Laut Utara Raya',
      regency: 'Kabupaten Kepulauan Siau Tagulandang Biaro dan Sekitarnya',
      province: 'Daerah Istimewa Kepulauan Bangka Belitung Selatan Daya',
      postalCode: '98711',
    },
    religion: 'Kepercayaan terhadap Tuhan Yang Maha Esa',
    maritalStatus: 'Cerai hidup belum tercatat di kantor urusan agama',
    occupation: 'Anggota Dewan Perwakilan Rakyat Daerah Kabupaten/Kota',
    nationality: 'Sao Tome and Principe, Democratic Republic of',
    bloodType: 'AB+',
  },
}

/** Names of several scripts, among them a letter of another plane and one that no font has. */
export const SCRIPTS = {
  ...SITI,
  person: {
    ...SITI.person,
    name: 'Nguyễn Ánh محمد عبد الله 𝖠 אברהם 大',
    birthPlace: "Kota'e S\u0323ạ\u0301ñ",
    occupation: 'Ωμέγα Жуковский',
  },
}

export const OFFICE = {
  name: 'Dinas Kependudukan dan Pencatatan Sipil',
  regency: 'Kota Depok',
  address: 'Jl. Contoh Raya No. 54, Depok 16431, telepon (021) 555 0100',
  place: 'Depok',
  signer: 'Drs. Budi Santoso Contoh, M.Si.',
  signerTitle: 'Kepala Dinas Kependudukan dan Pencatatan Sipil',
  signerNumber: '19700101 199503 1 001',
}

/** As long as what `issueLetter` signs, in the same letters (base45), and says nothing. */
export const VERIFICATION = `SDKL1:${'%+0 9AB-CD.EF/GH:IJ$KL*MN'.repeat(12)}`

/** 480 x 640 pixels, as a camera at a counter gives them; the head where a photographer places it. */
export function portrait({ format = 'jpeg' } = {}) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="640">
    <defs>
      <linearGradient id="wall" x2="0" y2="1"><stop stop-color="#c33b3b"/><stop offset="1" stop-color="#a32727"/></linearGradient>
      <radialGradient id="skin" cx="0.42" cy="0.38" r="0.75"><stop stop-color="#d9a878"/><stop offset="1" stop-color="#a9743f"/></radialGradient>
      <linearGradient id="cloth" x2="1"><stop stop-color="#f4f4f0"/><stop offset="1" stop-color="#c9ced6"/></linearGradient>
    </defs>
    <rect width="480" height="640" fill="url(#wall)"/>
    <path d="M118 300C96 150 150 84 240 84s144 66 122 216c-6 60 4 110 10 150H108c6-40 16-90 10-150z" fill="#221a18"/>
    <path d="M20 640c6-110 70-150 160-170h120c90 20 154 60 160 170z" fill="url(#cloth)"/>
    <path d="M186 420h108v66c-26 40-82 40-108 0z" fill="#a9743f"/>
    <path d="M180 470l60 74 60-74 22 10-70 110h-24l-70-110z" fill="#e7e9ee" stroke="#a5adba" stroke-width="3"/>
    <path d="M142 262c0-104 40-150 98-150s98 46 98 150c0 112-46 190-98 190s-98-78-98-190z" fill="url(#skin)"/>
    <path d="M138 262c4-104 44-156 102-156s98 52 102 156c-20-54-40-86-78-96-44 30-96 36-126 96z" fill="#2b211e"/>
    <path d="M172 250q24-18 48-4M260 246q24-14 48 4" fill="none" stroke="#2b211e" stroke-width="8" stroke-linecap="round"/>
    <ellipse cx="197" cy="276" rx="19" ry="10" fill="#fff"/><ellipse cx="283" cy="276" rx="19" ry="10" fill="#fff"/>
    <circle cx="197" cy="276" r="9" fill="#2a1a12"/><circle cx="283" cy="276" r="9" fill="#2a1a12"/>
    <path d="M238 280c-4 30-14 50-14 58 8 10 26 10 32 0" fill="none" stroke="#8a5a30" stroke-width="5" stroke-linecap="round"/>
    <path d="M204 382q36 16 72 0q-36 30-72 0z" fill="#a3423c"/>
  </svg>`
  const image = sharp(Buffer.from(svg)).removeAlpha()
  return format === 'png' ? image.png().toBuffer() : image.jpeg({ quality: 88 }).toBuffer()
}

/** Strokes on paper that is not quite white. */
export function signature() {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="240" viewBox="0 0 670 268">
    <rect width="670" height="268" fill="#f3f1ea"/>
    <path d="M40 170C90 20 130 30 120 130s-40 70-10 10 80-120 90-40-30 110 0 60 50-90 70-50-20 80 10 60 60-80 80-60 0 70 40 40 50-60 70-50 20 50 60 20 40-40 70-60"
      fill="none" stroke="#1d2440" stroke-width="8" stroke-linecap="round"/>
    <path d="M70 205C200 180 380 180 560 150" fill="none" stroke="#1d2440" stroke-width="5" stroke-linecap="round"/></svg>`
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer()
}
