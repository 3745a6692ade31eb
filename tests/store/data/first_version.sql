BEGIN TRANSACTION;
CREATE TABLE baselines (
	subject_id INTEGER NOT NULL, 
	"view" VARCHAR NOT NULL CHECK (view IN ('vertex', 'midline', 'frontal', 'temporal_left', 'temporal_right', 'occipital')), 
	photo VARCHAR(64) NOT NULL, 
	chosen_at VARCHAR NOT NULL, 
	PRIMARY KEY (subject_id, "view"), 
	FOREIGN KEY(subject_id) REFERENCES subjects (id), 
	FOREIGN KEY(photo) REFERENCES photos (digest)
);
INSERT INTO "baselines" VALUES(1,'vertex','a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e','2026-11-21T06:49:42+00:00');
INSERT INTO "baselines" VALUES(2,'midline','d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa','2026-11-21T06:49:42+00:00');
CREATE TABLE library (
	id INTEGER NOT NULL CHECK (id = 1), 
	library_id VARCHAR NOT NULL, 
	schema_version INTEGER NOT NULL, 
	created_at VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "library" VALUES(1,'010b0961a30c4a0299a13f643462acc0',1,'2026-11-21T06:49:42+00:00');
CREATE TABLE measurements (
	id INTEGER NOT NULL, 
	photo VARCHAR(64) NOT NULL, 
	baseline VARCHAR(64) NOT NULL, 
	method_id INTEGER NOT NULL, 
	"view" VARCHAR NOT NULL, 
	flags JSON NOT NULL, 
	numbers JSON NOT NULL, 
	registration JSON, 
	refused VARCHAR, 
	measured_at VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (photo, baseline, method_id), 
	FOREIGN KEY(photo) REFERENCES photos (digest), 
	FOREIGN KEY(baseline) REFERENCES photos (digest), 
	FOREIGN KEY(method_id) REFERENCES methods (id)
);
INSERT INTO "measurements" VALUES(1,'a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e','a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e',1,'vertex','["dark"]','[["sharpness", 0.5]]','{"matrix": [[1.0, 0.0, 2.5], [0.0, 1.0, -3.0], [0.0, 0.0, 1.0]], "model": "similarity", "inliers": 40, "rms_px": 0.7, "scale": 1.01, "overlap": 0.93}',NULL,'2026-11-21T06:49:42+00:00');
INSERT INTO "measurements" VALUES(2,'1d9283d848ea941ace1fe0d2378ef8b70056a0d4d1648b95a322d90163e78285','a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e',1,'vertex','["dark"]','[["sharpness", 0.5]]','{"matrix": [[1.0, 0.0, 2.5], [0.0, 1.0, -3.0], [0.0, 0.0, 1.0]], "model": "similarity", "inliers": 40, "rms_px": 0.7, "scale": 1.01, "overlap": 0.93}',NULL,'2026-11-21T06:49:42+00:00');
INSERT INTO "measurements" VALUES(3,'0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5','a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e',1,'vertex','["dark"]','[["sharpness", 0.5]]','{"matrix": [[1.0, 0.0, 2.5], [0.0, 1.0, -3.0], [0.0, 0.0, 1.0]], "model": "similarity", "inliers": 40, "rms_px": 0.7, "scale": 1.01, "overlap": 0.93}','No head was found.','2026-11-21T06:49:42+00:00');
INSERT INTO "measurements" VALUES(4,'d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa','d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa',2,'midline','["dark"]','[["sharpness", 0.5]]','{"matrix": [[1.0, 0.0, 2.5], [0.0, 1.0, -3.0], [0.0, 0.0, 1.0]], "model": "similarity", "inliers": 40, "rms_px": 0.7, "scale": 1.01, "overlap": 0.93}',NULL,'2026-11-21T06:49:42+00:00');
CREATE TABLE methods (
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	parameters JSON NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE ("key")
);
INSERT INTO "methods" VALUES(1,'shade 1 cv2=5.0.0','shade','1','[["cv2", "5.0.0"]]');
INSERT INTO "methods" VALUES(2,'shade 2 cv2=5.0.0','shade','2','[["cv2", "5.0.0"]]');
CREATE TABLE photos (
	digest VARCHAR(64) NOT NULL CHECK (length(digest) = 64), 
	subject_id INTEGER NOT NULL, 
	visit DATE NOT NULL, 
	"view" VARCHAR NOT NULL CHECK (view IN ('vertex', 'midline', 'frontal', 'temporal_left', 'temporal_right', 'occipital')), 
	taken_at VARCHAR, 
	taken_from VARCHAR NOT NULL CHECK (taken_from IN ('exif', 'file name', 'person', 'unknown')), 
	width INTEGER NOT NULL CHECK (width > 0), 
	height INTEGER NOT NULL CHECK (height > 0), 
	hair_state VARCHAR NOT NULL CHECK (hair_state IN ('unknown', 'dry', 'wet', 'oily')), 
	camera VARCHAR NOT NULL, 
	note VARCHAR NOT NULL, 
	imported_at VARCHAR NOT NULL, 
	PRIMARY KEY (digest), 
	FOREIGN KEY(subject_id) REFERENCES subjects (id)
);
INSERT INTO "photos" VALUES('a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e',1,'2025-03-03','vertex','2025-03-03T12:00:00+02:00','exif',1200,1000,'wet','Phone 12','after washing; it''s at home','2026-11-21T06:49:42+00:00');
INSERT INTO "photos" VALUES('1d9283d848ea941ace1fe0d2378ef8b70056a0d4d1648b95a322d90163e78285',1,'2025-03-09','vertex','2025-03-09T12:00:00','exif',1200,1000,'unknown','','','2026-11-21T06:49:42+00:00');
INSERT INTO "photos" VALUES('0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5',1,'2025-03-09','vertex',NULL,'file name',1200,1000,'unknown','','','2026-11-21T06:49:42+00:00');
INSERT INTO "photos" VALUES('d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa',2,'2025-03-01','midline','2025-03-01T12:00:00','exif',1200,1000,'unknown','','','2026-11-21T06:49:42+00:00');
CREATE TABLE subjects (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL CHECK (name <> ''), 
	created_at VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "subjects" VALUES(1,'me','2026-11-21T06:49:42+00:00');
INSERT INTO "subjects" VALUES(2,'Zoë','2026-11-21T06:49:42+00:00');
CREATE TABLE zones (
	measurement_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	zone VARCHAR NOT NULL, 
	visible_scalp FLOAT CHECK (visible_scalp BETWEEN 0 AND 1), 
	standard_error FLOAT CHECK (standard_error BETWEEN 0 AND 10), 
	area_px INTEGER NOT NULL CHECK (area_px >= 0), 
	seen FLOAT NOT NULL CHECK (seen BETWEEN 0 AND 1), 
	PRIMARY KEY (measurement_id, position), 
	UNIQUE (measurement_id, zone), 
	FOREIGN KEY(measurement_id) REFERENCES measurements (id)
);
INSERT INTO "zones" VALUES(1,0,'scalp',0.3,0.05,900,1.0);
INSERT INTO "zones" VALUES(1,1,'rim',NULL,NULL,0,0.0);
INSERT INTO "zones" VALUES(2,0,'scalp',0.25,0.05,900,1.0);
INSERT INTO "zones" VALUES(2,1,'rim',NULL,NULL,0,0.0);
INSERT INTO "zones" VALUES(4,0,'scalp',0.5,0.05,900,1.0);
INSERT INTO "zones" VALUES(4,1,'rim',NULL,NULL,0,0.0);
CREATE INDEX photos_by_series ON photos (subject_id, "view", visit);
COMMIT;
