package names

import (
	"math"
	"strings"
)

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

var (
	bookingTitles = set("MR MRS MS MISS MSTR MISTER MASTER MRDR DRMR MRSDR CHD INF ADT EXST CBBG INFT MME MLLE")
	honours       = set("DR PROF ENG SHEIKH SHAYKH SHAIKH SHEIK CHEIKH HAJJI HAJI HAJ AL-HAJ SIR CAPT CAPTAIN GENERAL COLONEL MAJOR MULLAH MAULVI MAULANA MAWLAWI SAYYID QARI USTAD الشيخ الحاج السيد الدكتور د")
	placeholders  = set("FNU LNU XXX XXXX NFN NLN UNKNOWN TBA NA NOFIRSTNAME")
	gluedTitles   = []string{"MRSDR", "MRDR", "MSTR", "MISS", "MRS", "MR", "MS", "CHD", "INF"}

	articles      = set("AL EL UL L ال")
	sunArticles   = set("AS AD AR AZ ASH ATH ES ED ER EZ ESH") // before a name that a typing error gave another beginning
	particles     = set("BIN BEN IBN BINT BINTI B OULD WELED WALAD AIT DE LA LAS LOS DEL DOS DA DO DAS DI VAN DER DEN VON Y E S بن ابن بنت ولد آل ال")
	servantOf     = set("ABD ABDUL ABDEL ABDAL ABDOL ABDOUL ABDUR ABDER ABDAR ABDUS ABDES ABDAS ABDUN ABDEN ABDU ABDOU ABDESS ABDERR ABDENN عبد")
	fatherOf      = set("ABU ABO ABOU ABI ABA UMM UM OUM ابو ابي ام")
	godly         = set("ALLAH LLAH ULLAH LAH ALLA ALA الله لله")
	faithArticles = set("AL EL UD ED AD UL AN OD")
	faith         = set("DIN DINE DEEN DEN DYN الدين")
	faithGlued    = set("ALDIN ELDIN UDDIN UDDEEN EDDIN EDDINE ADDIN ALDEEN ELDEEN ALDINE ELDINE OUDDINE UDIN الدين")
	faithEndings  = []string{"OUDDINE", "EDDINE", "UDDINE", "ADDINE", "ELDINE", "ALDINE", "UDDEEN", "EDDEEN", "ALDEEN", "ELDEEN", "UDDIN", "EDDIN", "ADDIN", "ALDIN", "ELDIN", "UDIN", "EDINE"}
	godEndings    = []string{"OULLAH", "ULLAH", "ALLAH", "ILLAH", "ELLAH", "OLLAH", "OULLA", "ULLA"}
	notArticle    = set("ALEXANDER ALEXANDRE ALEXANDRA ALEXANDRU ALEXEI ALEKSANDR ALEXIS ALBERT ALBERTO ALFRED ALFREDO ALFONSO ALVARO ALVAREZ ALMEIDA ALICE ALICIA ALINA ALISON ALLAN ALLEN ALEJANDRO ALEJANDRA ELENA ELIAS ELISABETH ELIZABETH ELISA ELVIRA ELLEN ELLIOT ELEANOR ELEONORA ELTON ALIREZA ALMAS ALESSANDRO ALESSIA BENITO BENITEZ BENEDICT BENEDETTO BENNETT BENTLEY BENSON BENJAMIN BINDER EMMANUEL EMMERICH ANNIKA ANNABEL ARREOLA ATTILA ADDISON ELLISON ELLIOTT")
)

// variants are names whose spellings no rule joins; the first of each line is its plainest.
var variants = []string{
	"MUHAMMAD MOHAMMED MOHAMED MOHAMMAD MOHAMAD MUHAMMED MUHAMED MUHAMAD MEHMET MEHMED MOHD MHAMED MHAMMED MHD MD MUHMMAD MOHAMMOD MOHAMUD MAHAMAD MAHAMED محمد",
	"AHMED AHMAD AHMET HMED AHMAAD AHMADOU AHMADU احمد",
	"MUSTAFA MUSTAPHA MOSTAFA MOUSTAFA MOUSTAPHA MUSTAFFA MUSTEFA مصطفى مصطفي",
	"YAHYA YAHIA YEHIA YEHYA YAHIYA يحيى يحيي",
	"MUSA MOUSSA MOUSA MOOSA MUSSA MOSES موسى موسي",
	"ISSA ISA EISSA EISA AISSA ESSA عيسى عيسي",
	"YUSUF YOUSEF YOUSSEF YOUSUF YUSEF YUSSUF YOUSSOUF YOUCEF YOSEF JOSEPH JOSEF JUSUF يوسف",
	"IBRAHIM BRAHIM EBRAHIM IBRAHEEM ABRAHAM IBRAHIMA ابراهيم",
	"UTHMAN OTHMAN OSMAN USMAN OTMAN OUSMANE OTHMANE ATHMANE عثمان",
	"UMAR OMAR OMER OUMAR AMAR عمر",
	"DAWUD DAOUD DAWOOD DAVUT DAVID DAUD DAWOUD داود داوود",
	"SULAYMAN SULEIMAN SULAIMAN SOLIMAN SOULEYMANE SOUALIMAN SULEYMAN SLIMANE SOLOMON سليمان",
	"ISHAQ ISHAK ISAAC ISAK اسحاق",
	"YAQUB YAKUB YACOUB YAGOUB YAKOUB JACOB JAKUB يعقوب",
	"ISMAIL ISMAEL ESMAIL ISMAEEL SMAIL ISHMAEL ISMAILA اسماعيل",
	"KHADIJA KHADIJAH KHADEEJA KHADIDJA HATICE KADIJA خديجة",
	"AISHA AICHA AYESHA AYSHA AYSE AISHAH عائشة عايشة",
	"FATIMA FATMA FATIMAH FATEMA FATEMEH FATOU FATOUMA FATOUMATA FATIMATA فاطمة",
	"ZAYNAB ZAINAB ZEINAB ZEYNEP ZINEB ZAYNEB زينب",
	"KHALID KHALED KHALD HALIT خالد",
	"HUSAYN HUSSEIN HUSSAIN HUSEIN HOSSEIN HOSSAIN HOUSSEIN HOCINE HUSEYIN HUSAIN HSEIN حسين",
	"HASAN HASSAN HASSEN HACENE حسن",
	"RIDA REDA RIDHA REZA RIZA رضا", "RAMADAN RAMDAN RAMAZAN RAMZAN RAMDANE رمضان", "ZIYA ZIA DIYA DIA DHIA DEYA ضياء ضيا", "FADL FAZL FADHL FAZAL FADEL فضل", "HAFIZ HAFEZ HAFIDH HAFEEZ HAFIDZ حافظ",
	"ALI ALY ALEE AALI علي على",
	"MAHMUD MAHMOUD MEHMOOD MAHMOOD MAHMUT MAHMOD MAHAMOUD محمود",
	"ALEXANDER ALEKSANDR ALEXANDRE ALEKSANDER ALEKSANDAR ALEJANDRO ALESSANDRO ALEXANDR OLEKSANDR",
	"MIKHAIL MICHAEL MICHAIL MIKHAYLO MYKHAILO MIGUEL MICHEL",
	"SERGEY SERGEI SERGEJ SERGIY SERHIY SERHII SERGUEI",
	"YURI YURIY YURY IURII JURIJ YURII",
	"YEVGENY EVGENY EVGENII EVGENIY YEVGENIY EUGENE EVGENIJ",
	"ANDREY ANDREI ANDREJ ANDRIY ANDRII ANDREW",
	"NIKOLAY NIKOLAI NIKOLAJ MYKOLA NICHOLAS NICOLAS",
	"DMITRY DMITRIY DMITRI DMITRII DIMITRI DMYTRO",
	"VLADIMIR VOLODYMYR WLADIMIR",
	"IVAN IOAN JOHN JUAN JEAN GIOVANNI JOAO",
	"ZHANG CHANG CHEUNG", "LI LEE LEI", "PARK PAK BAK", "YI RHEE", "WANG WONG", "CHEN CHAN TAN", "HUANG WONG HWANG", "ZHOU CHOW CHOU", "XU HSU TSUI", "CHOI CHOE", "JUNG JEONG CHUNG", "LIN LAM LIM", "NGUYEN NGUYEN",
	"JOSE JOSEPH", "KATHERINE CATHERINE KATARINA EKATERINA YEKATERINA KATERYNA", "ELIZABETH ELISABETH ELIZAVETA YELIZAVETA", "STEPHEN STEVEN STEFAN STEPAN", "PETER PYOTR PETR PIOTR PEDRO PIETRO",
}

// knownSense says which line of variants a word is of, plus one.
var knownSense = func() map[string]int16 {
	m := make(map[string]int16)
	for i, line := range variants {
		for _, w := range strings.Fields(line) {
			if m[w] == 0 {
				m[w] = int16(i + 1)
			}
		}
	}
	return m
}()

// common are names so frequent among travellers that a list on which they are rare must not make them weighty. A name
// weighs at most the number that heads its line: about the natural logarithm of how many travellers there are to one
// who bears it.
var common = []string{
	"2.3 MUHAMMAD",
	"2.8 AHMED ALI",
	"3.2 MUSTAFA HUSAYN HASAN IBRAHIM MAHMUD YUSUF KHALID UMAR FATIMA KHAN SINGH KUMAR MARIA LI WANG ZHANG",
	"3.6 SALEH SALIH SALEM SAID SAEED SAEID HAMAD HAMED HAMID ABD+LLH ABD+RAHMAN ISMAIL UTHMAN AISHA ZAYNAB KHADIJA SULAYMAN KIM NGUYEN CHEN LIU GARCIA JOSE JOHN IVAN",
	"4.2 MUSA ISSA YAHYA DAWUD YAQUB ISHAQ ABD+AZIZ ABD+KARIM HAMZA SAMIR KARIM NASSER NASIR RASHID SALIM OMRAN SALAH TARIQ TAREK AMIN AMINA MARYAM NOOR NOUR HUSSAINI HASSANI SHARMA SHAH PATEL BEGUM DAS KAUR MALIK PARK YI SMITH JOHNSON BROWN JONES WILLIAMS RODRIGUEZ MARTINEZ HERNANDEZ LOPEZ GONZALEZ PEREZ SANCHEZ SILVA SANTOS DA ANDREY SERGEY ALEXANDER DMITRY MIKHAIL ANNA ELENA DAVID MICHAEL JAMES ROBERT MARY CARLOS LUIS ANTONIO FRANCISCO MANUEL",
	"4.8 MUELLER MULLER SCHMIDT IVANOV IVANOVA PETROV SMIRNOV ROSSI FERRARI DUBOIS MARTIN BERNARD FERNANDEZ GOMEZ DIAZ OLIVEIRA SOUZA COSTA PEREIRA TANAKA SATO SUZUKI YAMAMOTO TRAN PHAM HOANG THOMAS PETER PAUL DANIEL GEORGE MARK ADAM YASIN YASSIN WALID FAISAL FAYSAL ABBAS JAFAR QASIM KASSEM BILAL HAKIM FAHAD FAHD SULTAN SAAD NAJJAR KHOURY GHAMDI QAHTANI OTAIBI HARBI ZAHRANI SHAMMARI ANZI DOSSARI MUTAIRI",
}

// ceilings of weight, by text, by sense, and by first key for the Arabic spellings of a line.
var ceilingOfText, ceilingOfSense = func() (map[string]float32, map[int16]float32) {
	text, sense := make(map[string]float32), make(map[int16]float32)
	for _, line := range common {
		fields := strings.Fields(line)
		ceiling := float32(fields[0][0]-'0') + float32(fields[0][2]-'0')/10
		for _, w := range fields[1:] {
			text[w] = ceiling
			if s := knownSense[w]; s != 0 {
				sense[s] = ceiling
			}
		}
	}
	return text, sense
}()

// rarity says what a word is worth: about the natural logarithm of how many people there are to one who bears it.
type rarity struct {
	entries int
	beside  *dictionary // of a larger list, whose bearers count too
}

// weigh gives a word's weight from how many of all entries bear it.
func (r *rarity) weigh(t *token, bearers int, s *scratch) float32 {
	if r.beside != nil {
		for _, m := range r.beside.resembling(t, s) {
			if m.sim >= sameWord {
				bearers += int(r.beside.tokens[m.token].bearers)
			}
		}
	}
	weight := float32(math.Log((float64(r.entries) + w.othersHeard) / (float64(bearers) + w.othersBearing)))
	if c, ok := ceilingOfText[t.text]; ok {
		weight = min(weight, c)
	}
	if c, ok := ceilingOfSense[t.sense]; ok && t.sense != 0 {
		weight = min(weight, c)
	}
	if n := len(t.text); t.latin && n <= 3 {
		weight = min(weight, float32(2*n)) // a short word is met by chance
	}
	return min(max(weight, w.leastWord), w.mostWord)
}
