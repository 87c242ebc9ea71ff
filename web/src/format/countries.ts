/* Countries for people to choose from, by the names that the browser knows in their language. Codes are ISO 3166-1, alpha-2 and alpha-3. */

const table = `
ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN
BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI
CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA
GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN
IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ
LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ
MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF
PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN
SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR
TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE`

const pairs = table.trim().split(/\s+/).map((pair) => ({ two: pair.slice(0, 2), three: pair.slice(2) }))
const twoOf = new Map(pairs.map(({ two, three }) => [three, two]))

// Germany writes one letter on its documents.
const asIs: Record<string, string> = { D: 'DE' }

const made = new Map<string, { value: string; label: string }[]>()

/** All countries in the order of their names, valued by the code of documents. */
export function countries(language: 'en' | 'ar'): { value: string; label: string }[] {
  let found = made.get(language)
  if (!found) {
    const order = new Intl.Collator(language)
    found = pairs.map(({ three }) => ({ value: three, label: countryName(three, language) })).sort((a, b) => order.compare(a.label, b.label))
    made.set(language, found)
  }
  return found
}

const names = new Map<string, Intl.DisplayNames>()

/** The name of a country by its code of two or three letters; the code itself where it has no name. */
export function countryName(code: string, language: 'en' | 'ar'): string {
  const two = asIs[code] ?? twoOf.get(code) ?? code
  if (!/^[A-Z]{2}$/.test(two)) return code
  let of = names.get(language)
  if (!of) {
    of = new Intl.DisplayNames([language === 'ar' ? 'ar' : 'en-GB'], { type: 'region', fallback: 'code' })
    names.set(language, of)
  }
  return of.of(two) ?? code
}

/** The code of documents for one of two letters; any other as it is. */
export const alpha3 = (code: string): string => pairs.find(({ two }) => two === code)?.three ?? code
export const alpha2 = (code: string): string => asIs[code] ?? twoOf.get(code) ?? code
