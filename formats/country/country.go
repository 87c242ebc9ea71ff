// Package country normalises the country codes of travel documents and airline messages to ISO 3166-1 alpha-3,
// widened by what ICAO Doc 9303 part 3 section 5 adds for documents of the stateless, of organisations and of the
// British family.
//
// Call [Normalise]. Names and flags of countries are not kept here, nor any opinion on who is a state.
package country

// codes are ISO 3166-1: alpha-2 and alpha-3, five letters and a blank each.
const codes = "ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE " +
	"BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ " +
	"CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE " +
	"DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA " +
	"GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY " +
	"HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN " +
	"KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY " +
	"MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ " +
	"NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN " +
	"PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA " +
	"SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ " +
	"TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA " +
	"UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE "

// icao are the codes that Doc 9303 adds, and those in use without being in either list. D is Germany's own on
// documents and stays as printed.
const icao = "GBD GBN GBO GBP GBS UNO UNA UNK RKS XXA XXB XXC XXX XOM XPO XCC XCO XEC XBA XIM XMP XES XCE XDC EUE " +
	"NTZ UTO WSA ANT SCG YUG SUN CSK DDR "

// renamed are codes that were withdrawn, and dirt, with what they mean today. A code whose state fell apart
// (ANT, SCG, YUG, SUN, CSK, DDR, NTZ) has no single heir and is kept as it is.
const renamed = "TMP:TLS ZAR:COD BUR:MMR ROM:ROU XKX:RKS XKK:RKS ENG:GBR SCO:GBR DHY:BEN HVO:BFA RHO:ZWE VDR:VNM YMD:YEM FXX:FRA PCI:PLW GEL:KIR "

// short are two-letter codes outside the list that are seen where a country is meant.
const short = "UK:GBR EN:GBR XK:RKS EU:EUE EL:GRC SU:SUN YU:YUG CS:SCG AN:ANT TP:TLS ZR:COD BU:MMR DD:DDR "

// Codes index two tables by five bits a letter, so a look-up costs a few nanoseconds and no memory.
var (
	threes = func() (t [1 << 15]string) {
		for i := 0; i < len(codes); i += 6 {
			t[hash3(codes[i+2:])] = codes[i+2 : i+5]
		}
		for i := 0; i < len(icao); i += 4 {
			t[hash3(icao[i:])] = icao[i : i+3]
		}
		for i := 0; i < len(renamed); i += 8 {
			t[hash3(renamed[i:])] = renamed[i+4 : i+7]
		}
		return
	}()
	twos = func() (t [1 << 10]string) {
		for i := 0; i < len(codes); i += 6 {
			t[hash2(codes[i:])] = codes[i+2 : i+5]
		}
		for i := 0; i < len(short); i += 7 {
			t[hash2(short[i:])] = short[i+3 : i+6]
		}
		return
	}()
)

func hash3(s string) int { return int(s[0]&31)<<10 | int(s[1]&31)<<5 | int(s[2]&31) }
func hash2(s string) int { return int(s[0]&31)<<5 | int(s[1]&31) }

// Normalise returns the alpha-3 code of a country or of ICAO's own list, whether that differs from what was
// given, and whether the code is known. What is not known comes back as it was given. D and DEU both stay: a
// passport says D. It allocates nothing.
func Normalise(code string) (alpha3 string, changed, known bool) {
	trimmed := code
	for trimmed != "" && (trimmed[len(trimmed)-1] == '<' || trimmed[len(trimmed)-1] == ' ') {
		trimmed = trimmed[:len(trimmed)-1]
	}
	for trimmed != "" && trimmed[0] == ' ' {
		trimmed = trimmed[1:]
	}
	if !letters(trimmed) {
		return code, false, false
	}
	switch len(trimmed) {
	case 1:
		if trimmed[0]&^0x20 == 'D' {
			return "D", code != "D", true
		}
	case 2:
		if to := twos[hash2(trimmed)]; to != "" {
			return to, true, true
		}
	case 3:
		if to := threes[hash3(trimmed)]; to != "" {
			return to, to != code, true
		}
	}
	return code, false, false
}

func letters(s string) bool {
	for i := range len(s) {
		if c := s[i] &^ 0x20; c < 'A' || c > 'Z' {
			return false
		}
	}
	return s != ""
}

// Alpha2 is the two-letter code of a country, whichever code is given; what has none is itself.
func Alpha2(code string) string {
	three := ISO(code)
	for i := 0; i < len(codes); i += 6 {
		if codes[i+2:i+5] == three {
			return codes[i : i+2]
		}
	}
	return code
}

// Same tells whether two codes mean one country: D is DEU, GB is GBR.
func Same(a, b string) bool { return ISO(a) == ISO(b) }

// ISO is the code by which countries are compared: ISO 3166-1 alpha-3 where there is one, DEU for passports' D; a code
// that nobody knows is itself.
func ISO(code string) string {
	if n, _, _ := Normalise(code); n != "D" {
		return n
	}
	return "DEU"
}
