package sensitive

// The lists, one language each, folded as words are: no accents, no article. A star says the word may go
// on, an underscore that a second word must follow. Stems have at least four bytes. To add a word, write it
// under its subject. Names of places and everyday words that only sometimes reveal (mass, order, party,
// care) are left out on purpose; a word that usually reveals is in.

const english = `
ill illness* sick sickness* disease* disabled disabilit* handicap* wheelchair* wheel_chair wheel_chairs crutch crutches prosthe*
diabet* insulin* epilep* seizure seizures asthma* allerg* anaphyla* epipen* nebuli* inhaler* oxygen concentrator cpap dialysis
cancer* chemo* tumor* tumour* oncolog* leukemi* leukaemi* hiv aids hepatit* tubercul* covid* malaria infect* contagious
heart_attack heart_condition heart_disease heart_surgery cardiac pacemaker* stroke paraly* paraple* quadriple* tetraple*
blind blindness deaf deafness mute autis* alzheimer* dementia downs_syndrome down_syndrome psych* schizo* bipolar depress*
suicid* mental mentally pregnan* surgery surgical stretcher* medical medically medicat* medicine medicines medif ambulan*
hospital hospitals hospitalis* hospitaliz* clinic clinical doctor_required patient patients transplant* amput* injur* wounded wound wounds syringe* needle needles guide_dog service_dog
sclerosis parkinson* arthrit* migraine* coeliac celiac gluten lactose peanut* nut_allergy ventilator catheter* colostomy fracture* incontinen*
addict* alcoholic alcoholism methadone rehab

relig* muslim* moslem* islam* quran koran halal haram sunni shia shiite shiites sufi ahmadi* salafi* wahhabi* hajj haj umrah pilgrim* imam imams mosque ramadan prayer prayers
christian* catholic* protestant* orthodox* evangelic* baptist* methodist* lutheran* anglican* presbyterian* pentecostal* mormon* jehovah* adventist* coptic copt copts
church churches bishop* archbishop* priest* clergy* cleric* pastor* vicar nun nuns monk monks monaster* missionar* convent seminary seminarian*
jew jews jewish judais* kosher rabbi* synagogue* sabbath shabbat hasidic torah
hindu* sikh* buddhis* jain jains jainis* bahai* zoroastr* parsi taois* shinto yazidi* druze brahmin
atheis* agnostic* theolog* worship* vegan* vegetarian*

politic* democrat* republican* conservativ* liberal liberals labour_party labor_party communis* socialis* marxis* fascis* nazi nazis anarchis* nationalis* separatis*
activist* dissident* opposition_leader opposition_member opposition_party party_member campaigner* demonstrat* protester* protestor* refugee* asylum* exile exiled
union unions unionis* trade_union trade_unions tradeunion* shop_steward picket* striker strikers
ethnic* racial caste gypsy gypsies romani

gay gays lesbian* homosex* bisexual* transgend* transsex* lgbt* queer sexual* sex_life heterosex* nonbinary intersex
`

const french = `
malade* maladie* handicape* infirm* invalide* fauteuil* diabeti* insuline epilept* asthmat* allergi* oxygene cancereux tumeur* chimio* sida seropositi* hepatite* tuberculose
cardiaque* aveugle* sourd sourde malvoyant* malentendant* paralys* enceinte grossesse chirurgi* civiere brancard* medica* medecin* hopital* hopitaux blesse blessee blesses greffe* amputat* depressi* autiste* demence
musulman* mosquee* coran chiite* sunnite* pelerin* priere* chretien* catholique* protestant* orthodoxe* evangeli* eglise* eveque* archeveque* pretre* pasteur* moine* religieu* monastere* abbe abbesse
juif juifs juive juives casher cacher cascher rabbin* bouddhis* hindou* athee* sikh* vegetarien* vegetalien*
politique* syndicat* syndique* syndical* syndicaux greviste* communiste* socialiste* gauchiste* nationaliste* militant* refugie* asile opposant*
homosexuel* lesbienne* bisexuel* transgenre* ethnie ethnique* sexuel*
`

const spanish = `
enfermo enferma enfermos enfermas enfermedad* discapacita* minusvalid* silla_ruedas diabet* insulina epilep* asmatic* alergi* oxigeno sida seropositiv* tuberculosis
cardiac* infarto ciego ciega ciegos ciegas sordo sorda sordos sordas paralitic* embaraz* cirugia* en_camilla medico medica medicos medicas medicamento* medicacion herido herida heridos heridas trasplant* amputad* depresi* autista* demencia
religios* religion* musulman* mezquita* coran chiita* sunita* peregrin* oracion* cristian* catolic* protestante* ortodox* evangelic* iglesia* obispo* arzobispo* sacerdote* clerigo* monja monjas monje monjes misioner*
judio judia judios judias kosher rabino* budista* hindu* ateo atea sikh* vegetarian* vegano vegana
politic* sindicat* sindical* huelguista* comunista* socialista* nacionalista* militante* refugiad* asilo opositor*
homosexual* lesbiana* bisexual* transexual* transgenero etnia etnico etnica sexual*
`

const arabic = `
مريض المريض مريضه المريضه مرضي المرضي مرض المرض امراض معاق المعاق معاقه المعاقه معاقين اعاقه الاعاقه كرسي_متحرك الكرسي_المتحرك سكري السكري بالسكري انسولين الانسولين صرع الصرع ربو الربو بالربو حساسيه الحساسيه اكسجين الاكسجين اوكسجين الاوكسجين
سرطان السرطان بالسرطان ورم ايدز الايدز مرض_القلب القلب كفيف الكفيف كفيفه اعمي الاعمي عمياء عميا اصم الاصم صماء صما مشلول مشلوله شلل امراة_حامل سيدة_حامل جراحه الجراحه عمليه_جراحيه نقاله طبي الطبي طبيه الطبيه علاج العلاج للعلاج مستشفي المستشفي دواء دوا الدواء الدوا ادويه اكتئاب توحد
دين ديانه الديانه ديني الديني دينيه الدينيه مسلم المسلم مسلمه مسلمين المسلمين مسلمون اسلام الاسلام اسلامي الاسلامي اسلاميه سني السني شيعي الشيعي شيعه الشيعه سلفي صوفي حلال الحلال قران القران مسجد المسجد حاج الحاج حجاج الحجاج حج الحج عمره العمره معتمر معتمرين امام_مسجد صلاه الصلاه للصلاه رمضان
مسيحي المسيحي مسيحيه المسيحيه مسيحيين نصراني نصاري قبطي القبطي اقباط كاثوليكي كاثوليكيه بروتستانتي ارثوذكسي كنيسه الكنيسه قسيس القسيس كاهن الكاهن راهب الراهب راهبه مطران اسقف
يهودي اليهودي يهوديه يهود اليهود كوشير حاخام الحاخام بوذي هندوسي سيخي درزي بهايي ملحد نباتي نباتيه
سياسي السياسي سياسيه السياسيه سياسه السياسه حزب الحزب حزبي احزاب معارض المعارض معارضه المعارضه ناشط الناشط ناشطه نقابه النقابه نقابي النقابي نقابيه شيوعي اشتراكي لاجي اللاجي لاجيين لجو اللجو
مثلي المثلي مثليه مثليين شاذ عرقي عرقيه
`
