BEGIN TRANSACTION;
CREATE TABLE articles (
	id VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	slug VARCHAR NOT NULL, 
	first_seen VARCHAR NOT NULL, 
	updated VARCHAR NOT NULL, 
	words VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	sketch TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "articles" VALUES('tag:gazette.example.org,2026-10-10:full-boat','full-boat.md','full-boat','2026-10-10T06:20:00+00:00','2026-10-11T09:05:00+00:00','2c0dbe5ffe8ce3f64baa62c4333dd1f263252efd0d78101abf6fe2589462a444','First night sailing leaves with every berth taken','[2902563537047, 7589136234969, 7936124875435, 8788267667851, 16268894327922, 21595934751986, 22075571110468, 27018846698856, 27562762942252, 30444991138415, 35963942278033, 36442677718191, 37883703638983, 49241711345105, 50259972214490, 51789112784359, 55964992675151, 56553281321500, 61029108273206, 62760804345974, 63263481808890, 64684192179730, 70420335451181, 71246356035819, 75476751829020, 77241172473134, 77359323090997, 78828515496500, 81141747501775, 81857139258499, 83193677224897, 92288563081943, 92591904300234, 93290770595632, 94230756362596, 99266753993383, 100860334941768, 101477521930003, 101571269948160, 103423363699547, 103859566808386, 104675284174236, 104855940271915, 109739997343857, 110070142650716, 115001496785730, 116203371801185, 122465877129698, 123356569484517, 127095030734743, 127346394293280, 129824304712894, 131905539141759, 133868740182393, 144086476956564, 144264340209384, 145860091516072, 150143566456927, 150159491071432, 150346984221427, 152214565280778, 153454415226675, 156049064161708, 160713121454705]');
INSERT INTO "articles" VALUES('tag:gazette.example.org,2026-10-05:night-ferry','night-ferry.txt','night-ferry','2026-10-05T05:30:00+00:00','2026-10-05T05:30:00+00:00','6a81f9207529ca236c4326f62f1b0276ddb9ee28af0a53bd32d91caf60d857e8','Night Ferry Sails Again From Port Ellery as Council Splits Over the Bill','[84474649137, 509779162851, 807727353592, 2424399091699, 2605408834828, 2724239923248, 3236896528595, 3764732723085, 6127617998756, 6288914170619, 7146268832040, 7522167845189, 8968754147410, 9447092815292, 9616825816605, 9717239362290, 9894991958690, 10282907846377, 11017069387003, 11657706244970, 11678203177079, 12044579254974, 12461417794363, 14604547863786, 14754779879424, 15441707519444, 15739812359286, 15775428023115, 15910593308817, 16754604602749, 17905538582428, 19663288163371, 19920253159891, 21318107370887, 22144767863734, 22245677886995, 23518454761677, 24491717526371, 24654445190855, 24883172068765, 25066195726116, 25145751730999, 26196074283880, 26255942885311, 26495688687577, 26597500332301, 26634401664967, 26942908206704, 27048723900460, 27136344313976, 27315396038177, 28179531300662, 28318808084394, 28792394132679, 28797461826869, 29386229964211, 30330945191996, 30605576182866, 30658591573307, 30658598824339, 31022243017123, 31152289767847, 32531008330006, 32859637540248]');
INSERT INTO "articles" VALUES('tag:gazette.example.org,2026-10-02:ellery-head','ellery-head.md','ellery-head','2026-10-02T07:00:00+00:00','2026-10-02T07:00:00+00:00','eaec93346ce439f3ce6092570eb90f11258e1d41963d28e7f4f9c6f78ec193f3','منارة رأس إيليري تعود إلى البحر','[253775649343, 2215513762092, 4268427784644, 4543134561813, 4809917059730, 5558783186286, 5661491427734, 6157729547798, 6239808036610, 6302320555836, 6965651078546, 6974574338645, 7252475590414, 7598196770420, 7674686085796, 8225473247374, 8379889822002, 8979942273712, 9388546133899, 10587277681889, 11200274630392, 12097536385622, 12356332656002, 12701370843294, 13400118133314, 14468280132780, 15194676575986, 16869838579402, 17088138653729, 19057107877602, 19674713195766, 19693575865071, 19806557238531, 19909599650514, 20661301899392, 21390592371780, 21591734440268, 25168060793188, 25639651231429, 26112404971141, 27069438701758, 27314210374483, 27365808259459, 28900511716265, 29172823577084, 31240829358187, 32641107743837, 32787819819071, 32975738825289, 33454729299964, 33711983708503, 34586829948195, 35052867792570, 36248807280891, 37089963203400, 37175750708625, 37744597788463, 38240661189373, 39242235764814, 39358939839580, 40418147309624, 41003047337311, 41183190930872, 41458164104094]');
CREATE TABLE artifacts (
	channel VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	media_type VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	size INTEGER NOT NULL, 
	draft BOOLEAN NOT NULL, 
	PRIMARY KEY (channel, unit, name)
);
INSERT INTO "artifacts" VALUES('email','1','media/night-ferry-d5a2279adfb1.jpg','image/jpeg','d5a2279adfb12712e445b43b53af5863ac88a8f454d2798ff2042d2ebefa8077',1256,0);
INSERT INTO "artifacts" VALUES('email','1','media/logo-d70f0ca1e0eb.png','image/png','d70f0ca1e0eb8fa99990ff3754f23b8f501f0bfd0c1d1d02f1cffe6117699962',3761,0);
INSERT INTO "artifacts" VALUES('email','1','0001.html','text/html','196da803b63163f216618cd98d9ca13af9eb13e62c5c3eb2def582b36bb0bb73',12775,0);
INSERT INTO "artifacts" VALUES('email','1','0001.txt','text/plain','53c0209364903e009f0586c6b235af91d48141e1635fb96f97fc714f6621d5aa',2974,0);
INSERT INTO "artifacts" VALUES('email','1','0001.eml','message/rfc822','fd8f7836a6d382818ae20bbf48c4e9aab742bbbd89b4d3ff80d37a61e74c9faf',20416,0);
INSERT INTO "artifacts" VALUES('email','1','0001.letter','application/vnd.syndicate.letter+json','80ceb7ac8b959b07d6dafeb1b01d60f6896013bf9140bcb56b21dabb42d33efb',18494,0);
INSERT INTO "artifacts" VALUES('x','tag:gazette.example.org,2026-10-10:full-boat','full-boat.x.md','text/markdown','8d9da6064a50ef5e6fd7528a3eb9c57f289645a25d5cc93705691ac80d0df075',862,1);
INSERT INTO "artifacts" VALUES('x','tag:gazette.example.org,2026-10-05:night-ferry','night-ferry.x.md','text/markdown','e39b93939942e4f4167163f4aa4e87263d4b5dfe1663c63a9b72b99de7c2a225',1289,1);
INSERT INTO "artifacts" VALUES('x','tag:gazette.example.org,2026-10-05:night-ferry','night-ferry.x.png','image/png','e88bd2059a9d886a6deb8401ce2caa700550aff0b4425d54706d60af22185efd',62030,1);
INSERT INTO "artifacts" VALUES('rss','','media/night-ferry-d5a2279adfb1.jpg','image/jpeg','d5a2279adfb12712e445b43b53af5863ac88a8f454d2798ff2042d2ebefa8077',1256,0);
INSERT INTO "artifacts" VALUES('rss','','media/lighthouse-93f1f0af6366.jpg','image/jpeg','93f1f0af63667507f36bf2829caecc95d46645476a5333c37bcf566de50d4eb3',1267,0);
INSERT INTO "artifacts" VALUES('rss','','media/logo-d70f0ca1e0eb.png','image/png','d70f0ca1e0eb8fa99990ff3754f23b8f501f0bfd0c1d1d02f1cffe6117699962',3761,0);
INSERT INTO "artifacts" VALUES('rss','','feed.css','text/css','adedbd857c7788eb98b91ef24c70513db22794e10db10f485823412f8206b385',3358,0);
INSERT INTO "artifacts" VALUES('rss','','feed.xml','application/rss+xml','87ef0399b17b048a695feaa89178becf4c1e082d1752ab3f5c826786f4cc04bc',16597,0);
INSERT INTO "artifacts" VALUES('x','tag:gazette.example.org,2026-10-02:ellery-head','ellery-head.x.md','text/markdown','0a38c31fa31faa521b45388547284c2d75a189e67609ec18e520e50011c90cf1',2116,1);
INSERT INTO "artifacts" VALUES('email','2','media/lighthouse-93f1f0af6366.jpg','image/jpeg','93f1f0af63667507f36bf2829caecc95d46645476a5333c37bcf566de50d4eb3',1267,0);
INSERT INTO "artifacts" VALUES('email','2','media/logo-d70f0ca1e0eb.png','image/png','d70f0ca1e0eb8fa99990ff3754f23b8f501f0bfd0c1d1d02f1cffe6117699962',3761,0);
INSERT INTO "artifacts" VALUES('email','2','0002.html','text/html','dc6d7bbe59b6ecf87003a121ef2ccc61e2ab984233bf1ec718777ec2d8ac6fe8',15150,0);
INSERT INTO "artifacts" VALUES('email','2','0002.txt','text/plain','eb1e07e5b02aaa1af96b38aa064008d53a16288727b2b47cf8b4c394ace5ea48',5123,0);
INSERT INTO "artifacts" VALUES('email','2','0002.eml','message/rfc822','cc5e5964f5d015f0dbcff444e2be5b3f31e0d837e3d996aa8b7e6ae8c8ea92fa',42309,0);
INSERT INTO "artifacts" VALUES('email','2','0002.letter','application/vnd.syndicate.letter+json','135b5dd41abeff647150968bccbf05024d14e1be27600f8fb97470d8728384cd',23058,0);
CREATE TABLE deliveries (
	dispatch INTEGER NOT NULL, 
	unit TEXT NOT NULL, 
	state VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	at VARCHAR, 
	remote_id TEXT, 
	url TEXT, 
	error TEXT, 
	PRIMARY KEY (dispatch, unit)
)
 WITHOUT ROWID

;
INSERT INTO "deliveries" VALUES(1,'media/night-ferry-d5a2279adfb1.jpg','delivered',1,'2026-11-30T13:52:17+00:00','/newsroom/out/rss/media/night-ferry-d5a2279adfb1.jpg','file:///newsroom/out/rss/media/night-ferry-d5a2279adfb1.jpg',NULL);
INSERT INTO "deliveries" VALUES(2,'media/logo-d70f0ca1e0eb.png','delivered',1,'2026-11-30T13:52:17+00:00','/newsroom/out/rss/media/logo-d70f0ca1e0eb.png','file:///newsroom/out/rss/media/logo-d70f0ca1e0eb.png',NULL);
INSERT INTO "deliveries" VALUES(3,'feed.css','delivered',1,'2026-11-30T13:52:17+00:00','/newsroom/out/rss/feed.css','file:///newsroom/out/rss/feed.css',NULL);
INSERT INTO "deliveries" VALUES(4,'feed.xml','delivered',1,'2026-11-30T13:52:17+00:00','/newsroom/out/rss/feed.xml','file:///newsroom/out/rss/feed.xml',NULL);
INSERT INTO "deliveries" VALUES(10,'reader-1@example.net','delivered',1,'2026-11-30T13:52:17+00:00','250 2.0.0 taken',NULL,NULL);
INSERT INTO "deliveries" VALUES(10,'reader-2@example.net','delivered',1,'2026-11-30T13:52:17+00:00','250 2.0.0 taken',NULL,NULL);
INSERT INTO "deliveries" VALUES(10,'reader-3@example.net','delivered',1,'2026-11-30T13:52:17+00:00','250 2.0.0 taken',NULL,NULL);
INSERT INTO "deliveries" VALUES(10,'reader-4@example.net','delivered',1,'2026-11-30T13:52:17+00:00','250 2.0.0 taken',NULL,NULL);
INSERT INTO "deliveries" VALUES(11,'media/lighthouse-93f1f0af6366.jpg','delivered',1,'2026-11-30T13:52:44+00:00','/newsroom/out/rss/media/lighthouse-93f1f0af6366.jpg','file:///newsroom/out/rss/media/lighthouse-93f1f0af6366.jpg',NULL);
INSERT INTO "deliveries" VALUES(12,'feed.xml','delivered',1,'2026-11-30T13:52:44+00:00','/newsroom/out/rss/feed.xml','file:///newsroom/out/rss/feed.xml',NULL);
INSERT INTO "deliveries" VALUES(18,'reader-1@example.net','delivered',1,'2026-11-30T13:52:44+00:00','250 2.0.0 taken',NULL,NULL);
INSERT INTO "deliveries" VALUES(18,'reader-2@example.net','failed',1,'2026-11-30T13:52:44+00:00',NULL,NULL,'550 no such user');
INSERT INTO "deliveries" VALUES(18,'reader-3@example.net','uncertain',1,'2026-11-30T13:52:44+00:00',NULL,NULL,'cut off after the last line: the server went away');
INSERT INTO "deliveries" VALUES(18,'reader-4@example.net','pending',1,'2026-11-30T13:52:44+00:00',NULL,NULL,'451 come again');
INSERT INTO "deliveries" VALUES(19,'01','delivered',1,'2026-11-30T13:52:45+00:00','1800000000000000000','https://x.com/gazette/status/1800000000000000000',NULL);
INSERT INTO "deliveries" VALUES(19,'02','delivered',1,'2026-11-30T13:52:45+00:00','1800000000000000001','https://x.com/gazette/status/1800000000000000001',NULL);
INSERT INTO "deliveries" VALUES(19,'03','delivered',1,'2026-11-30T13:52:45+00:00','1800000000000000002','https://x.com/gazette/status/1800000000000000002',NULL);
CREATE TABLE dispatches (
	id INTEGER NOT NULL, 
	channel VARCHAR NOT NULL, 
	run VARCHAR NOT NULL, 
	artifact VARCHAR NOT NULL, 
	courier VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	frozen BOOLEAN NOT NULL, 
	current BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "dispatches" VALUES(1,'rss','','media/night-ferry-d5a2279adfb1.jpg','file','d5a2279adfb12712e445b43b53af5863ac88a8f454d2798ff2042d2ebefa8077','2026-11-30T13:52:11+00:00',1,1);
INSERT INTO "dispatches" VALUES(2,'rss','','media/logo-d70f0ca1e0eb.png','file','d70f0ca1e0eb8fa99990ff3754f23b8f501f0bfd0c1d1d02f1cffe6117699962','2026-11-30T13:52:12+00:00',1,1);
INSERT INTO "dispatches" VALUES(3,'rss','','feed.css','file','adedbd857c7788eb98b91ef24c70513db22794e10db10f485823412f8206b385','2026-11-30T13:52:12+00:00',1,1);
INSERT INTO "dispatches" VALUES(4,'rss','','feed.xml','file','86fcefd14709d7d4a8cd46e70a5b9741c7a6cee18352d2cb7978192a2e0395e5','2026-11-30T13:52:12+00:00',1,0);
INSERT INTO "dispatches" VALUES(5,'email','1','media/night-ferry-d5a2279adfb1.jpg','smtp','d5a2279adfb12712e445b43b53af5863ac88a8f454d2798ff2042d2ebefa8077','2026-11-30T13:52:13+00:00',1,1);
INSERT INTO "dispatches" VALUES(6,'email','1','media/logo-d70f0ca1e0eb.png','smtp','d70f0ca1e0eb8fa99990ff3754f23b8f501f0bfd0c1d1d02f1cffe6117699962','2026-11-30T13:52:13+00:00',1,1);
INSERT INTO "dispatches" VALUES(7,'email','1','0001.html','smtp','196da803b63163f216618cd98d9ca13af9eb13e62c5c3eb2def582b36bb0bb73','2026-11-30T13:52:13+00:00',1,1);
INSERT INTO "dispatches" VALUES(8,'email','1','0001.txt','smtp','53c0209364903e009f0586c6b235af91d48141e1635fb96f97fc714f6621d5aa','2026-11-30T13:52:13+00:00',1,1);
INSERT INTO "dispatches" VALUES(9,'email','1','0001.eml','smtp','fd8f7836a6d382818ae20bbf48c4e9aab742bbbd89b4d3ff80d37a61e74c9faf','2026-11-30T13:52:13+00:00',1,1);
INSERT INTO "dispatches" VALUES(10,'email','1','0001.letter','smtp','80ceb7ac8b959b07d6dafeb1b01d60f6896013bf9140bcb56b21dabb42d33efb','2026-11-30T13:52:13+00:00',1,1);
INSERT INTO "dispatches" VALUES(11,'rss','','media/lighthouse-93f1f0af6366.jpg','file','93f1f0af63667507f36bf2829caecc95d46645476a5333c37bcf566de50d4eb3','2026-11-30T13:52:31+00:00',1,1);
INSERT INTO "dispatches" VALUES(12,'rss','','feed.xml','file','87ef0399b17b048a695feaa89178becf4c1e082d1752ab3f5c826786f4cc04bc','2026-11-30T13:52:31+00:00',1,1);
INSERT INTO "dispatches" VALUES(13,'email','2','media/lighthouse-93f1f0af6366.jpg','smtp','93f1f0af63667507f36bf2829caecc95d46645476a5333c37bcf566de50d4eb3','2026-11-30T13:52:41+00:00',1,1);
INSERT INTO "dispatches" VALUES(14,'email','2','media/logo-d70f0ca1e0eb.png','smtp','d70f0ca1e0eb8fa99990ff3754f23b8f501f0bfd0c1d1d02f1cffe6117699962','2026-11-30T13:52:41+00:00',1,1);
INSERT INTO "dispatches" VALUES(15,'email','2','0002.html','smtp','dc6d7bbe59b6ecf87003a121ef2ccc61e2ab984233bf1ec718777ec2d8ac6fe8','2026-11-30T13:52:41+00:00',1,1);
INSERT INTO "dispatches" VALUES(16,'email','2','0002.txt','smtp','eb1e07e5b02aaa1af96b38aa064008d53a16288727b2b47cf8b4c394ace5ea48','2026-11-30T13:52:41+00:00',1,1);
INSERT INTO "dispatches" VALUES(17,'email','2','0002.eml','smtp','cc5e5964f5d015f0dbcff444e2be5b3f31e0d837e3d996aa8b7e6ae8c8ea92fa','2026-11-30T13:52:41+00:00',1,1);
INSERT INTO "dispatches" VALUES(18,'email','2','0002.letter','smtp','135b5dd41abeff647150968bccbf05024d14e1be27600f8fb97470d8728384cd','2026-11-30T13:52:41+00:00',1,1);
INSERT INTO "dispatches" VALUES(19,'x','tag:gazette.example.org,2026-10-10:full-boat','full-boat.x.md','x','265b65e845b5818b5b80bc53f8f70636b1e917bdb70365ef3b123ab55b69c76d','2026-11-30T13:52:44+00:00',1,1);
CREATE TABLE editions (
	channel VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	date VARCHAR NOT NULL, 
	members TEXT NOT NULL, 
	PRIMARY KEY (channel, number)
);
INSERT INTO "editions" VALUES('email',1,'2026-10-11T09:05:00+00:00','[["tag:gazette.example.org,2026-10-10:full-boat", "50bc60b72289f8441ce1080015f30f937aeec2ed9b3ed6ceed697b67dee2cb32"], ["tag:gazette.example.org,2026-10-05:night-ferry", "c025ce4ca88c75e8557bc53589c34b185984717a483bd787def20e550546571d"]]');
INSERT INTO "editions" VALUES('email',2,'2026-10-02T07:00:00+00:00','{"members": [["tag:gazette.example.org,2026-10-02:ellery-head", "c211a3b83fe4a1036469fc7efe75300d29791c0c84a62897380559e236a2a46c"]], "since": "2026-10-11T09:05:00+00:00"}');
CREATE TABLE renderings (
	channel VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	inputs VARCHAR NOT NULL, 
	PRIMARY KEY (channel, unit)
);
INSERT INTO "renderings" VALUES('rss','','26e85583d62fdf28a455451159434d632530febcfec95404d49e7d8298e48038');
INSERT INTO "renderings" VALUES('email','1','2ab17f94d95ed9ec109145c93ff98f5c03b9806b34c7ed057baf71dfe09a3ccc');
INSERT INTO "renderings" VALUES('x','tag:gazette.example.org,2026-10-10:full-boat','3112462433f07803b34f140bd9493cd04e3f3fb3084342e1b7f9b6656d1ff08f');
INSERT INTO "renderings" VALUES('x','tag:gazette.example.org,2026-10-05:night-ferry','32ac9ebc3d43680831e6e9bf02a543c9c354e046cf9e69376d2ee4ee35067405');
INSERT INTO "renderings" VALUES('x','tag:gazette.example.org,2026-10-02:ellery-head','5ceaa0fe9c0ed55cb9c82d634dbcaef9c7a2cc842ebc2712bc5f30ef4eda4076');
INSERT INTO "renderings" VALUES('email','2','4af8d0f2330a7d7896269d77e5cab6d42484c4913809e2553345164974473cef');
CREATE TABLE reviews (
	channel VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	verdict VARCHAR NOT NULL, 
	note TEXT NOT NULL, 
	"after" VARCHAR, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (channel, unit, name, digest, "by")
);
INSERT INTO "reviews" VALUES('x','tag:gazette.example.org,2026-10-10:full-boat','full-boat.x.md','265b65e845b5818b5b80bc53f8f70636b1e917bdb70365ef3b123ab55b69c76d','Ines Okafor','approved','',NULL,'2026-11-30T13:52:24+00:00');
INSERT INTO "reviews" VALUES('x','tag:gazette.example.org,2026-10-05:night-ferry','night-ferry.x.md','7519e276bff4147ff1fcfd06b185782e29d39aff6487048fd14090c7be93df9c','Ines Okafor','approved','',NULL,'2026-11-30T13:52:50+00:00');
CREATE TABLE slots (
	channel VARCHAR NOT NULL, 
	slot VARCHAR NOT NULL, 
	PRIMARY KEY (channel)
);
CREATE TABLE subscribers (
	id INTEGER NOT NULL, 
	channel VARCHAR NOT NULL, 
	address TEXT NOT NULL, 
	fields TEXT NOT NULL, 
	tags TEXT NOT NULL, 
	status VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	cause TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (channel, address)
);
INSERT INTO "subscribers" VALUES(1,'email','reader-1@example.net','{}','[]','active','2026-11-30T13:51:57+00:00','golden');
INSERT INTO "subscribers" VALUES(2,'email','reader-2@example.net','{}','[]','active','2026-11-30T13:51:57+00:00','golden');
INSERT INTO "subscribers" VALUES(3,'email','reader-3@example.net','{}','[]','active','2026-11-30T13:51:57+00:00','golden');
INSERT INTO "subscribers" VALUES(4,'email','reader-4@example.net','{}','[]','active','2026-11-30T13:51:57+00:00','golden');
CREATE INDEX dispatches_by_key ON dispatches (channel, run, artifact, courier);
CREATE INDEX deliveries_unfinished ON deliveries (dispatch, state) WHERE state != 'delivered';
COMMIT;
