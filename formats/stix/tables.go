package stix

// row is a type and its properties, as in the standard's tables; how rows are written is said at schema.reads.
type row struct{ name, properties string }

const commonMarks = " object_marking_refs:[ref(marking-definition)] granular_markings:[of(granular-marking)] "

const commonDomain = "type!:text spec_version:text id!:text created!:created modified!:created created_by_ref:ref(identity) revoked:bool labels:[text] " +
	"confidence:int(0..100) lang:text external_references:[of(external-reference)] extensions:extensions" + commonMarks

const commonObservable = "type!:text spec_version:text id!:text defanged:bool extensions:extensions" + commonMarks

// domainRows are the SDOs, and the three of the incident suite that an extension defines.
var domainRows = []row{
	{"attack-pattern", "name!:text description:text aliases:[text] kill_chain_phases:[of(kill-chain-phase)]"},
	{"campaign", "name!:text description:text aliases:[text] first_seen:time last_seen:time>=first_seen objective:text"},
	{"course-of-action", "name!:text description:text action:any"},
	{"grouping", "name:text description:text context!:open(grouping-context) object_refs!:[ref]"},
	{"identity", "name!:text description:text roles:[text] identity_class:open(identity-class) sectors:[open(industry-sector)] contact_information:text"},
	{"incident", "name!:text description:text kill_chain_phases:[of(kill-chain-phase)]"},
	{"indicator", "name:text description:text indicator_types:[open(indicator-type)] pattern!:text pattern_type!:open(pattern-type) pattern_version:text " +
		"valid_from!:time valid_until:time>valid_from kill_chain_phases:[of(kill-chain-phase)]"},
	{"infrastructure", "name!:text description:text infrastructure_types:[open(infrastructure-type)] aliases:[text] kill_chain_phases:[of(kill-chain-phase)] " +
		"first_seen:time last_seen:time>=first_seen"},
	{"intrusion-set", "name!:text description:text aliases:[text] first_seen:time last_seen:time>=first_seen goals:[text] resource_level:open(attack-resource-level) " +
		"primary_motivation:open(attack-motivation) secondary_motivations:[open(attack-motivation)]"},
	{"location", "name:text description:text latitude:float(-90..90) longitude:float(-180..180) precision:float region:open(region) country:country " +
		"administrative_area:text city:text street_address:text postal_code:text"},
	{"malware", "name:text description:text malware_types:[open(malware-type)] is_family!:bool aliases:[text] kill_chain_phases:[of(kill-chain-phase)] " +
		"first_seen:time last_seen:time>=first_seen operating_system_refs:[ref(software)] architecture_execution_envs:[open(processor-architecture)] " +
		"implementation_languages:[open(implementation-language)] capabilities:[open(malware-capability)] sample_refs:[ref(artifact|file)]"},
	{"malware-analysis", "product!:text version:text host_vm_ref:ref(software) operating_system_ref:ref(software) installed_software_refs:[ref(software)] " +
		"configuration_version:text modules:[text] analysis_engine_version:text analysis_definition_version:text submitted:time analysis_started:time " +
		"analysis_ended:time>=analysis_started result_name:text result:open(malware-result) analysis_sco_refs:[ref(@sco)] sample_ref:ref(artifact|file|network-traffic)"},
	{"note", "abstract:text content!:text authors:[text] object_refs!:[ref]"},
	{"observed-data", "first_observed!:time last_observed!:time>=first_observed number_observed!:int(1..999999999) objects:dict object_refs:[ref(@seen)]"},
	{"opinion", "explanation:text authors:[text] opinion!:enum(opinion) object_refs!:[ref]"},
	{"report", "name!:text description:text report_types:[open(report-type)] published!:time object_refs!:[ref]"},
	{"threat-actor", "name!:text description:text threat_actor_types:[open(threat-actor-type)] aliases:[text] first_seen:time last_seen:time>=first_seen " +
		"roles:[open(threat-actor-role)] goals:[text] sophistication:open(threat-actor-sophistication) resource_level:open(attack-resource-level) " +
		"primary_motivation:open(attack-motivation) secondary_motivations:[open(attack-motivation)] personal_motivations:[open(attack-motivation)]"},
	{"tool", "name!:text description:text tool_types:[open(tool-type)] aliases:[text] kill_chain_phases:[of(kill-chain-phase)] tool_version:text"},
	{"vulnerability", "name!:text description:text"},

	{"event", "name:text description:text status!:open(event-status) start_time:time start_time_fidelity:enum(fidelity) end_time:time>=start_time end_time_fidelity:enum(fidelity) " +
		"event_types:[text] goal:text sighting_refs:[ref(sighting)] changed_objects:any subevents:any next_events:any"},
	{"impact", "impact_category!:text description:text criticality:int(0..100) start_time:time start_time_fidelity:enum(fidelity) end_time:time>=start_time end_time_fidelity:enum(fidelity) " +
		"impacted_refs:[ref] impacted_entity_counts:dict recoverability:enum(recoverability) superseded_by_ref:ref(impact)"},
	{"task", "name:text description:text outcome!:open(task-outcome) task_types:[text] start_time:time start_time_fidelity:enum(fidelity) end_time:time>=start_time " +
		"end_time_fidelity:enum(fidelity) error:text priority:int(0..100) owner_ref:ref changed_objects:any subtasks:any next_steps:any"},
}

var relationRows = []row{
	{"relationship", "relationship_type!:name description:text source_ref!:ref(@thing) target_ref!:ref(@thing) start_time:time stop_time:time>start_time"},
	{"sighting", "description:text first_seen:time last_seen:time>=first_seen count:int(0..999999999) sighting_of_ref!:ref(@sdo) observed_data_refs:[ref(observed-data)] " +
		"where_sighted_refs:[ref(identity|location)] summary:bool"},
}

var observableRows = []row{
	{"artifact", "mime_type:text payload_bin:binary url:url hashes:hashes encryption_algorithm:enum(encryption-algorithm) decryption_key:text"},
	{"autonomous-system", "number!:int(0..4294967295) name:text rir:text"},
	{"directory", "path!:text path_enc:text ctime:time mtime:time atime:time contains_refs:[ref(file|directory)]"},
	{"domain-name", "value!:domain resolves_to_refs:[ref(ipv4-addr|ipv6-addr|domain-name)]"},
	{"email-addr", "value!:mailbox display_name:text belongs_to_ref:ref(user-account)"},
	{"email-message", "is_multipart!:bool date:time content_type:text from_ref:ref(email-addr) sender_ref:ref(email-addr) to_refs:[ref(email-addr)] cc_refs:[ref(email-addr)] " +
		"bcc_refs:[ref(email-addr)] message_id:text subject:text received_lines:[text] additional_header_fields:dict body:text body_multipart:[of(mime-part)] raw_email_ref:ref(artifact)"},
	{"file", "hashes:hashes size:int(0..9007199254740991) name:text name_enc:text magic_number_hex:hex mime_type:text ctime:time mtime:time atime:time " +
		"parent_directory_ref:ref(directory) contains_refs:[ref(@sco)] content_ref:ref(artifact)"},
	{"ipv4-addr", "value!:ipv4 resolves_to_refs:[ref(mac-addr)] belongs_to_refs:[ref(autonomous-system)]"},
	{"ipv6-addr", "value!:ipv6 resolves_to_refs:[ref(mac-addr)] belongs_to_refs:[ref(autonomous-system)]"},
	{"mac-addr", "value!:mac"},
	{"mutex", "name!:text"},
	{"network-traffic", "start:time end:time>=start is_active:bool src_ref:ref(ipv4-addr|ipv6-addr|mac-addr|domain-name) dst_ref:ref(ipv4-addr|ipv6-addr|mac-addr|domain-name) " +
		"src_port:int(0..65535) dst_port:int(0..65535) protocols!:[protocol] src_byte_count:int(0..9007199254740991) dst_byte_count:int(0..9007199254740991) " +
		"src_packets:int(0..9007199254740991) dst_packets:int(0..9007199254740991) ipfix:dict src_payload_ref:ref(artifact) dst_payload_ref:ref(artifact) " +
		"encapsulates_refs:[ref(network-traffic)] encapsulated_by_ref:ref(network-traffic)"},
	{"process", "is_hidden:bool pid:int created_time:time cwd:text command_line:text environment_variables:dict opened_connection_refs:[ref(network-traffic)] " +
		"creator_user_ref:ref(user-account) image_ref:ref(file) parent_ref:ref(process) child_refs:[ref(process)]"},
	{"software", "name!:text cpe:text swid:text languages:[text] vendor:text version:text"},
	{"url", "value!:url"},
	{"user-account", "user_id:text credential:text account_login:text account_type:open(account-type) display_name:text is_service_account:bool is_privileged:bool " +
		"can_escalate_privs:bool is_disabled:bool account_created:time account_expires:time credential_last_changed:time account_first_login:time account_last_login:time"},
	{"windows-registry-key", "key:registry values:[of(registry-value)] modified_time:time creator_user_ref:ref(user-account) number_of_subkeys:int"},
	{"x509-certificate", "is_self_signed:bool hashes:hashes version:text serial_number:text signature_algorithm:text issuer:text validity_not_before:time " +
		"validity_not_after:time subject:text subject_public_key_algorithm:text subject_public_key_modulus:text subject_public_key_exponent:int x509_v3_extensions:any"},
}

var metaRows = []row{
	{"extension-definition", "type!:text spec_version!:text id!:text created_by_ref!:ref(identity) created!:created modified!:created name!:text description:text schema!:text version!:text " +
		"extension_types!:[enum(extension-type)] extension_properties:[text] revoked:bool labels:[text] external_references:[of(external-reference)]" + commonMarks},
	{"language-content", "type!:text spec_version!:text id!:text created!:created modified!:created created_by_ref:ref(identity) object_ref!:ref object_modified:time contents!:dict " +
		"revoked:bool labels:[text] confidence:int(0..100) external_references:[of(external-reference)] extensions:extensions" + commonMarks},
	{"marking-definition", "type!:text spec_version!:text id!:text created!:created created_by_ref:ref(identity) name:text definition_type:text definition:any " +
		"external_references:[of(external-reference)] extensions:extensions" + commonMarks},
}

var structureRows = []row{
	{"external-reference", "source_name!:text description:text url:url hashes:hashes external_id:text"},
	{"kill-chain-phase", "kill_chain_name!:text phase_name!:text"},
	{"granular-marking", "lang:text marking_ref:ref(marking-definition) selectors!:[text]"},
	{"mime-part", "body:text body_raw_ref:ref(artifact|file) content_type:text content_disposition:text"},
	{"registry-value", "name:text data:text data_type:enum(registry-datatype)"},
	{"incident-core", "extension_type:text determination!:enum(determination) investigation_status!:open(investigation-status) criticality:int(0..100) detection_methods:[text] " +
		"events:any impact_refs:[ref(impact)] impacted_entity_counts:dict incident_types:[text] recoverability:enum(recoverability) scores:any tasks:any blocked:bool malicious:bool"},

	{"archive-ext", "contains_refs!:[ref(file|directory)] comment:text"},
	{"ntfs-ext", "sid:text alternate_data_streams:any"},
	{"pdf-ext", "version:text is_optimized:bool document_info_dict:dict pdfid0:text pdfid1:text"},
	{"raster-image-ext", "image_height:int image_width:int bits_per_pixel:int exif_tags:dict"},
	{"windows-pebinary-ext", "pe_type!:open(pe-type) imphash:text machine_hex:hex number_of_sections:int(0..9007199254740991) time_date_stamp:time pointer_to_symbol_table_hex:hex " +
		"number_of_symbols:int(0..9007199254740991) size_of_optional_header:int(0..9007199254740991) characteristics_hex:hex file_header_hashes:hashes optional_header:any sections:any"},
	{"http-request-ext", "request_method!:text request_value!:text request_version:text request_header:dict message_body_length:int message_body_data_ref:ref(artifact)"},
	{"icmp-ext", "icmp_type_hex!:hex icmp_code_hex!:hex"},
	{"socket-ext", "address_family!:enum(address-family) is_blocking:bool is_listening:bool options:dict socket_type:enum(socket-type) socket_descriptor:int(0..9007199254740991) socket_handle:int"},
	{"tcp-ext", "src_flags_hex:hex dst_flags_hex:hex"},
	{"windows-process-ext", "aslr_enabled:bool dep_enabled:bool priority:text owner_sid:text window_title:text startup_info:dict integrity_level:enum(integrity-level)"},
	{"windows-service-ext", "service_name:text descriptions:[text] display_name:text group_name:text start_type:enum(service-start) service_dll_refs:[ref(file)] service_type:enum(service-type) " +
		"service_status:enum(service-status)"},
	{"unix-account-ext", "gid:int groups:[text] home_dir:text shell:text"},
}

// vocabularies are the standard's; a row says whether other words are allowed.
var vocabularies = map[string]string{
	"account-type":                "facebook ldap nis openid radius skype tacacs twitter unix windows-local windows-domain",
	"address-family":              "AF_UNSPEC AF_INET AF_IPX AF_APPLETALK AF_NETBIOS AF_INET6 AF_IRDA AF_BTH",
	"attack-motivation":           "accidental coercion dominance ideology notoriety organizational-gain personal-gain personal-satisfaction revenge unpredictable",
	"attack-resource-level":       "individual club contest team organization government",
	"determination":               "blocked confirmed failed-attempt false-positive suspected low-value successful-attempt",
	"encryption-algorithm":        "AES-256-GCM ChaCha20-Poly1305 mime-type-indicated",
	"event-status":                "ongoing occurred not-occurred pending undetermined",
	"extension-type":              "new-sdo new-sco new-sro property-extension toplevel-property-extension",
	"fidelity":                    "day hour minute second month year",
	"grouping-context":            "suspicious-activity malware-analysis unspecified",
	"identity-class":              "individual group system organization class unspecified unknown",
	"implementation-language":     "applescript bash c c++ c# go java javascript lua objective-c perl php powershell python ruby scala swift typescript visual-basic x86-32 x86-64",
	"indicator-type":              "anomalous-activity anonymization benign compromised malicious-activity attribution unknown",
	"industry-sector":             "agriculture aerospace automotive chemical commercial communications construction defense education energy entertainment financial-services government emergency-services government-local government-national government-public-services government-regional healthcare hospitality-leisure infrastructure dams nuclear water insurance manufacturing mining non-profit pharmaceuticals retail technology telecommunications transportation utilities",
	"infrastructure-type":         "amplification anonymization botnet command-and-control control-system exfiltration firewall hosting-malware hosting-target-lists phishing reconnaissance routers-switches staging workstation unknown",
	"integrity-level":             "low medium high system",
	"investigation-status":        "new open closed",
	"malware-capability":          "accesses-remote-machines anti-debugging anti-disassembly anti-emulation anti-memory-forensics anti-sandbox anti-vm captures-input-peripherals captures-output-peripherals captures-system-state-data cleans-traces-of-infection commits-fraud communicates-with-c2 compromises-data-availability compromises-data-integrity compromises-system-availability controls-local-machine degrades-security-software degrades-system-updates determines-c2-server emails-spam escalates-privileges evades-av exfiltrates-data fingerprints-host hides-artifacts hides-executing-code infects-files infects-remote-machines installs-other-components persists-after-system-reboot prevents-artifact-access prevents-artifact-deletion probes-network-environment self-modifies steals-authentication-credentials violates-system-operational-integrity",
	"malware-result":              "malicious suspicious benign unknown",
	"malware-type":                "adware backdoor bot bootkit ddos downloader dropper exploit-kit keylogger ransomware remote-access-trojan resource-exploitation rogue-security-software rootkit screen-capture spyware trojan unknown virus webshell wiper worm",
	"opinion":                     "strongly-disagree disagree neutral agree strongly-agree",
	"pattern-type":                "stix pcre sigma snort suricata yara",
	"pe-type":                     "dll exe sys",
	"processor-architecture":      "alpha arm ia-64 mips powerpc sparc x86 x86-64",
	"recoverability":              "regular supplemented extended not-recoverable not-applicable",
	"region":                      "africa eastern-africa middle-africa northern-africa southern-africa western-africa americas caribbean central-america latin-america-caribbean northern-america south-america asia central-asia eastern-asia southern-asia south-eastern-asia western-asia europe eastern-europe northern-europe southern-europe western-europe oceania antarctica australia-new-zealand melanesia micronesia polynesia",
	"registry-datatype":           "REG_NONE REG_SZ REG_EXPAND_SZ REG_BINARY REG_DWORD REG_DWORD_BIG_ENDIAN REG_DWORD_LITTLE_ENDIAN REG_LINK REG_MULTI_SZ REG_RESOURCE_LIST REG_FULL_RESOURCE_DESCRIPTION REG_RESOURCE_REQUIREMENTS_LIST REG_QWORD REG_INVALID_TYPE",
	"report-type":                 "attack-pattern campaign identity indicator intrusion-set malware observed-data threat-actor threat-report tool vulnerability",
	"service-start":               "SERVICE_AUTO_START SERVICE_BOOT_START SERVICE_DEMAND_START SERVICE_DISABLED SERVICE_SYSTEM_ALERT",
	"service-status":              "SERVICE_CONTINUE_PENDING SERVICE_PAUSE_PENDING SERVICE_PAUSED SERVICE_RUNNING SERVICE_START_PENDING SERVICE_STOP_PENDING SERVICE_STOPPED",
	"service-type":                "SERVICE_KERNEL_DRIVER SERVICE_FILE_SYSTEM_DRIVER SERVICE_WIN32_OWN_PROCESS SERVICE_WIN32_SHARE_PROCESS",
	"socket-type":                 "SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_RDM SOCK_SEQPACKET",
	"task-outcome":                "cancelled failed ongoing pending successful unknown",
	"threat-actor-role":           "agent director independent infrastructure-architect infrastructure-operator malware-author sponsor",
	"threat-actor-sophistication": "none minimal intermediate advanced expert innovator strategic",
	"threat-actor-type":           "activist competitor crime-syndicate criminal hacker insider-accidental insider-disgruntled nation-state sensationalist spy terrorist unknown",
	"tool-type":                   "denial-of-service exploitation information-gathering network-capture credential-exploitation remote-access vulnerability-scanning unknown",
}

// predefinedExtensions are the extensions that the standard defines itself, under plain names.
var predefinedExtensions = map[string]string{
	"archive-ext": "file", "ntfs-ext": "file", "pdf-ext": "file", "raster-image-ext": "file", "windows-pebinary-ext": "file",
	"http-request-ext": "network-traffic", "icmp-ext": "network-traffic", "socket-ext": "network-traffic", "tcp-ext": "network-traffic",
	"windows-process-ext": "process", "windows-service-ext": "process", "unix-account-ext": "user-account",
}
