BEGIN TRANSACTION;
CREATE TABLE approvals (
	channel VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (channel, unit, name, digest)
);
INSERT INTO "approvals" VALUES('social','tag:gazette.example.org,2026-11-30:ferry','ferry.txt','7768778886d90cfa8be7a43f9757730b42f44b2f5ca6cb918ccb76e2816f7601','Ines Okafor','2026-11-30T13:54:21+00:00');
INSERT INTO "approvals" VALUES('social','tag:gazette.example.org,2026-11-30:tides','tides.txt','6cbc26079d06c4b1ce0fca69ef9f6bd207fea7f18dab303da08cc797aa903064','Ines Okafor','2026-11-30T13:54:37+00:00');
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
INSERT INTO "articles" VALUES('tag:gazette.example.org,2026-11-30:ferry','ferry.md','ferry','2026-11-30T13:54:08+00:00','2026-11-30T13:54:08+00:00','6430237112de2acbdb75f51c48aca1677a2413f4954c0bc9e048b2ef7d0ebcfd','The night ferry returns','[98420409943414, 155891083198220, 225118963371658, 270860719597321]');
INSERT INTO "articles" VALUES('tag:gazette.example.org,2026-11-30:tides','tides.md','tides','2026-11-30T13:54:08+00:00','2026-11-30T13:54:08+00:00','c5bdd26fe47078bf21bbbcefee6c08f0da35a2756630e5df2773d89b7923884c','Reading the tide','[6973545128768, 98239025739750, 181410274204560]');
INSERT INTO "articles" VALUES('tag:gazette.example.org,2026-11-30:lamps','lamps.md','lamps','2026-11-30T13:54:22+00:00','2026-11-30T13:54:22+00:00','69c34ec5a2158883774669d544a42f0ee5c66a1a6c5e61c4987cd57bd54ddb5a','Lamps on the pier','[129612108255703, 149046947816522]');
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
INSERT INTO "artifacts" VALUES('numbered','1','1.txt','text/plain','483ae4eed58cfef9f53247d698732c30d028bbd32e42e426e0958fd7bb210b55',40,0);
INSERT INTO "artifacts" VALUES('single','tag:gazette.example.org,2026-11-30:ferry','ferry.txt','text/plain','7768778886d90cfa8be7a43f9757730b42f44b2f5ca6cb918ccb76e2816f7601',23,0);
INSERT INTO "artifacts" VALUES('single','tag:gazette.example.org,2026-11-30:tides','tides.txt','text/plain','6cbc26079d06c4b1ce0fca69ef9f6bd207fea7f18dab303da08cc797aa903064',16,0);
INSERT INTO "artifacts" VALUES('social','tag:gazette.example.org,2026-11-30:tides','tides.txt','text/plain','6cbc26079d06c4b1ce0fca69ef9f6bd207fea7f18dab303da08cc797aa903064',16,1);
INSERT INTO "artifacts" VALUES('social','tag:gazette.example.org,2026-11-30:ferry','ferry.txt','text/plain','7768778886d90cfa8be7a43f9757730b42f44b2f5ca6cb918ccb76e2816f7601',23,1);
INSERT INTO "artifacts" VALUES('numbered','2','2.txt','text/plain','d7c6f518191aa64bb321840549483a6d0bfcc1a200c5a75c540b29d1e98380a5',17,0);
INSERT INTO "artifacts" VALUES('rolling','','all.txt','text/plain','54b691ad061f2d6799eae5947208fbea666d332d000b02066e4d3ea8a9c9d5ee',58,0);
INSERT INTO "artifacts" VALUES('single','tag:gazette.example.org,2026-11-30:lamps','lamps.txt','text/plain','d7c6f518191aa64bb321840549483a6d0bfcc1a200c5a75c540b29d1e98380a5',17,0);
INSERT INTO "artifacts" VALUES('social','tag:gazette.example.org,2026-11-30:lamps','lamps.txt','text/plain','d7c6f518191aa64bb321840549483a6d0bfcc1a200c5a75c540b29d1e98380a5',17,1);
CREATE TABLE deliveries (
	channel VARCHAR NOT NULL, 
	run VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	remote_id VARCHAR, 
	url VARCHAR, 
	error TEXT, 
	PRIMARY KEY (channel, run, unit)
);
INSERT INTO "deliveries" VALUES('numbered','1','1.txt','483ae4eed58cfef9f53247d698732c30d028bbd32e42e426e0958fd7bb210b55','delivered','/newsroom/out/numbered/1.txt','file:///newsroom/out/numbered/1.txt',NULL);
INSERT INTO "deliveries" VALUES('rolling','','all.txt','54b691ad061f2d6799eae5947208fbea666d332d000b02066e4d3ea8a9c9d5ee','delivered','/newsroom/out/rolling/all.txt','file:///newsroom/out/rolling/all.txt',NULL);
INSERT INTO "deliveries" VALUES('single','tag:gazette.example.org,2026-11-30:ferry','ferry.txt','7768778886d90cfa8be7a43f9757730b42f44b2f5ca6cb918ccb76e2816f7601','delivered','/newsroom/out/single/ferry.txt','file:///newsroom/out/single/ferry.txt',NULL);
INSERT INTO "deliveries" VALUES('single','tag:gazette.example.org,2026-11-30:tides','tides.txt','6cbc26079d06c4b1ce0fca69ef9f6bd207fea7f18dab303da08cc797aa903064','delivered','/newsroom/out/single/tides.txt','file:///newsroom/out/single/tides.txt',NULL);
INSERT INTO "deliveries" VALUES('social','tag:gazette.example.org,2026-11-30:tides','tides.txt','6cbc26079d06c4b1ce0fca69ef9f6bd207fea7f18dab303da08cc797aa903064','pending',NULL,NULL,NULL);
INSERT INTO "deliveries" VALUES('social','tag:gazette.example.org,2026-11-30:ferry','ferry.txt','7768778886d90cfa8be7a43f9757730b42f44b2f5ca6cb918ccb76e2816f7601','delivered','/newsroom/out/social/ferry.txt','file:///newsroom/out/social/ferry.txt',NULL);
INSERT INTO "deliveries" VALUES('numbered','2','2.txt','d7c6f518191aa64bb321840549483a6d0bfcc1a200c5a75c540b29d1e98380a5','delivered','/newsroom/out/numbered/2.txt','file:///newsroom/out/numbered/2.txt',NULL);
INSERT INTO "deliveries" VALUES('single','tag:gazette.example.org,2026-11-30:lamps','lamps.txt','d7c6f518191aa64bb321840549483a6d0bfcc1a200c5a75c540b29d1e98380a5','delivered','/newsroom/out/single/lamps.txt','file:///newsroom/out/single/lamps.txt',NULL);
INSERT INTO "deliveries" VALUES('social','tag:gazette.example.org,2026-11-30:lamps','lamps.txt','d7c6f518191aa64bb321840549483a6d0bfcc1a200c5a75c540b29d1e98380a5','pending',NULL,NULL,NULL);
CREATE TABLE editions (
	channel VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	date VARCHAR NOT NULL, 
	members TEXT NOT NULL, 
	PRIMARY KEY (channel, number)
);
INSERT INTO "editions" VALUES('numbered',1,'2026-11-30T13:54:08+00:00','[["tag:gazette.example.org,2026-11-30:ferry", "a16aef1a97785fca0943a7556aaac0bec134035993952e5c1ee603273e26f3a9"], ["tag:gazette.example.org,2026-11-30:tides", "74bfed490a84a972657fc409335a89a94e18f49a707037998ec0fa44e00dbbec"]]');
INSERT INTO "editions" VALUES('numbered',2,'2026-11-30T13:54:22+00:00','[["tag:gazette.example.org,2026-11-30:lamps", "69d5aebe560b79acde5f46496396b4d209d51c9c68ee38cf703bec1b8736d2f1"]]');
CREATE TABLE renderings (
	channel VARCHAR NOT NULL, 
	unit VARCHAR NOT NULL, 
	inputs VARCHAR NOT NULL, 
	PRIMARY KEY (channel, unit)
);
INSERT INTO "renderings" VALUES('numbered','1','aed946eecb55b4dd32080029460577cb353700e733d0eb1f5a12b258e408c6f8');
INSERT INTO "renderings" VALUES('rolling','','ac1e17804601a3a9f6718a2beb61e268023b87fbfc34963720ad06b9fc867b04');
INSERT INTO "renderings" VALUES('single','tag:gazette.example.org,2026-11-30:ferry','e6b4f7a6469cbe0124bbb999095bf5748cb8676c59fad18c0f318394327890e6');
INSERT INTO "renderings" VALUES('single','tag:gazette.example.org,2026-11-30:tides','143790105182fcb5c75ab994e5d2d9a3bcd33906ef4f66bb341a3c1d0bdce12a');
INSERT INTO "renderings" VALUES('social','tag:gazette.example.org,2026-11-30:tides','dfe56fb1f3bcc06f03e8b01209f3e60d508fa85127531af79421244df4ac21c5');
INSERT INTO "renderings" VALUES('social','tag:gazette.example.org,2026-11-30:ferry','4a441fa66f534ca63e2ae469e3ec676efc0262473de0f3b75e9c025cec6b1a28');
INSERT INTO "renderings" VALUES('numbered','2','d198762b2b86d784fbe89a834324b7ef44e101839f4f156a4846df3f8def9823');
INSERT INTO "renderings" VALUES('single','tag:gazette.example.org,2026-11-30:lamps','5131e3f4f4b9a547ca425c10b9f556dcd4d83ec299ec95477c346d88bbe98c61');
INSERT INTO "renderings" VALUES('social','tag:gazette.example.org,2026-11-30:lamps','4d147acf0f1d7a5d9316186d928f128fa16da415f2b4983a7b7214be34114366');
COMMIT;
