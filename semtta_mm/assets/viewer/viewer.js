// Animated bodies beside their video. The page holds all data; nothing is
// fetched. Frames are numbers of the video, times are seconds from its start.
import * as THREE from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';

const find = (id) => document.getElementById(id);
const json = (id) => JSON.parse(find(id).textContent);
const data = json('data');
const pictures = data.pictures ? json('pictures') : [];
const state = { index: 0, view: 'camera', playing: false, clock: 0, last: 0 };

window.addEventListener('error', (event) => report(event.message));
window.addEventListener('unhandledrejection', (event) => report(event.reason));

function report(problem) {
  find('message').textContent = String(problem);
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function blobUrl(base64, type) {
  return URL.createObjectURL(new Blob([bytes(base64)], { type }));
}

// ---- the picture ----------------------------------------------------------

class Frames {
  // One JPEG for some frames; the nearest earlier one is shown.
  constructor() {
    this.canvas = find('picture');
    [this.canvas.width, this.canvas.height] = data.pictures.size;
    this.wanted = -1;
    this.images = pictures.map((base64, i) => {
      const image = new Image();
      image.onload = () => i === this.wanted && this.draw(i);
      image.src = `data:image/jpeg;base64,${base64}`;
      return image;
    });
  }

  show(frame) {
    this.wanted = Math.max(0, lastUpTo(data.pictures.frames, frame));
    if (this.images[this.wanted].complete) this.draw(this.wanted);
  }

  draw(i) {
    const { width, height } = this.canvas;
    this.canvas.getContext('2d').drawImage(this.images[i], 0, 0, width, height);
  }

  play() {}

  pause() {}

  seconds(now) {
    const step = ((now - state.last) / 1000) * Number(find('speed').value);
    return state.clock + step;
  }
}

class Video {
  // The browser's player; it is the clock while it plays.
  constructor() {
    this.video = find('video');
    const { file, type } = data.pictures;
    this.video.src = file ? encodeURIComponent(file) : blobUrl(pictures[0], type);
    this.video.onerror = () => report('this browser cannot play the video');
    this.time = null;
    const note = (now, meta) => {
      this.time = meta.mediaTime;
      this.video.requestVideoFrameCallback(note);
    };
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(note);
  }

  show(frame) {
    // The middle of a frame: its start may round to the frame before.
    this.video.currentTime = (frame + 0.5) / data.pictures.fps;
  }

  play() {
    this.video.playbackRate = Number(find('speed').value);
    this.video.play().catch(report);
  }

  pause() {
    this.video.pause();
  }

  seconds() {
    this.video.playbackRate = Number(find('speed').value);
    if (this.video.ended) return Infinity;
    const shown = this.time ?? this.video.currentTime;
    return Math.floor(shown * data.pictures.fps + 0.01) / data.fps;
  }
}

class NoPicture extends Frames {
  constructor() {
    super();
    find('left').hidden = true;
  }

  show() {}
}

function makePicture() {
  if (!data.pictures) {
    data.pictures = { size: data.size, frames: [] };
    return new NoPicture();
  }
  const video = data.pictures.kind === 'video';
  find('picture').hidden = video;
  find('video').hidden = !video;
  return video ? new Video() : new Frames();
}

// ---- frames ---------------------------------------------------------------

// Position of the last of rising numbers that is not above a value, or -1.
function lastUpTo(numbers, value) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// Position of a person's frame, or -1 where the track has none.
function positionOf(person, frame) {
  const i = lastUpTo(person.frames, frame);
  return i >= 0 && frame - person.frames[i] < person.stride ? i : -1;
}

// ---- the scene ------------------------------------------------------------

const renderer = new THREE.WebGLRenderer({
  canvas: find('scene'), antialias: true, alpha: true, preserveDrawingBuffer: true,
});
renderer.autoClear = false;
renderer.setPixelRatio(window.devicePixelRatio);
const scene = new THREE.Scene();
const filmCamera = new THREE.PerspectiveCamera();
const freeCamera = new THREE.PerspectiveCamera(40, 1, 0.05, 1000);
const controls = new OrbitControls(freeCamera, renderer.domElement);
const lamp = new THREE.DirectionalLight(0xffffff, 2.2);
scene.add(new THREE.HemisphereLight(0xffffff, 0x777788, 1.6), lamp, lamp.target);
let grid = null;
let mixer = null;
let duration = 0;
let drawing = false;

function makeGrid() {
  const lines = new THREE.GridHelper(20, 20, 0x8899aa, 0xc3ccd6);
  const start = data.people[0].start;
  lines.position.set(Math.round(start[0]), data.floor, Math.round(start[2]));
  scene.add(lines);
  return lines;
}

// A pinhole camera at the origin with a principal point, as a projection.
function useIntrinsics([fx, fy, cx, cy], depth) {
  const [width, height] = data.size;
  const near = Math.max(0.05, depth * 0.5), far = depth * 2 + 50;
  filmCamera.projectionMatrix.set(
    (2 * fx) / width, 0, 1 - (2 * cx) / width, 0,
    0, (2 * fy) / height, (2 * cy) / height - 1, 0,
    0, 0, -(far + near) / (far - near), (-2 * far * near) / (far - near),
    0, 0, -1, 0,
  );
  filmCamera.projectionMatrixInverse.copy(filmCamera.projectionMatrix).invert();
}

function placeOf(person) {
  return person.pelvis.getWorldPosition(new THREE.Vector3());
}

function shownPeople() {
  const frame = data.frames[state.index];
  return data.people.filter((person) => {
    person.at = positionOf(person, frame);
    return person.at >= 0 && person.box.checked;
  });
}

function drawFromCamera(people) {
  // Results may have a camera for each person: one pass for each.
  const lines = grid.visible;
  for (const person of people) {
    useIntrinsics(person.cameras[person.at], -placeOf(person).z);
    for (const other of people) other.mesh.visible = other === person;
    renderer.clearDepth();
    renderer.render(scene, filmCamera);
    grid.visible = false;
  }
  grid.visible = lines;
}

let centre = null;

function follow(people) {
  if (!people.length) return;
  const places = people.map(placeOf);
  const now = places.reduce((a, b) => a.add(b), new THREE.Vector3()).divideScalar(places.length);
  if (!centre) {
    controls.target.copy(now);
    freeCamera.position.copy(now).add(new THREE.Vector3(1.6, 0.7, 3.6));
  } else if (find('follow').checked) {
    const move = now.clone().sub(centre);
    controls.target.add(move);
    freeCamera.position.add(move);
  }
  centre = now;
}

function draw() {
  // Moving the camera below calls this again.
  if (!mixer || drawing) return;
  drawing = true;
  const people = shownPeople();
  for (const person of data.people) person.mesh.visible = people.includes(person);
  grid.visible = find('grid').checked && state.view !== 'over';
  renderer.setClearColor(0xeef0f3, state.view === 'over' ? 0 : 1);
  renderer.clear();
  follow(people);
  controls.update();
  const viewer = state.view === 'free' ? freeCamera : filmCamera;
  lamp.position.copy(viewer.position).add(new THREE.Vector3(2, 4, 3));
  lamp.target.position.copy(centre ?? lamp.position);
  if (state.view === 'free') renderer.render(scene, freeCamera);
  else drawFromCamera(people);
  drawing = false;
}

// ---- state ----------------------------------------------------------------

function poseAt(seconds) {
  if (!mixer) return;
  // At its very end an animation starts again.
  mixer.setTime(Math.max(0, Math.min(seconds, duration - 1e-5)));
}

function goTo(index, movePicture = true) {
  state.index = Math.max(0, Math.min(index, data.frames.length - 1));
  const frame = data.frames[state.index];
  state.clock = frame / data.fps;
  find('slider').value = state.index;
  find('frame').textContent = `frame ${frame}, ${state.clock.toFixed(2)} s`;
  document.documentElement.dataset.frame = frame;
  if (movePicture) picture.show(frame);
  poseAt(state.clock);
  draw();
}

function setPlaying(playing) {
  state.playing = playing;
  find('play').textContent = playing ? 'Pause' : 'Play';
  if (playing) {
    if (state.index === data.frames.length - 1) goTo(0);
    state.last = performance.now();
    picture.play();
    requestAnimationFrame(tick);
  } else picture.pause();
}

function tick(now) {
  if (!state.playing) return;
  const seconds = picture.seconds(now);
  state.last = now;
  if (seconds > (data.frames.at(-1) + 1) / data.fps) {
    goTo(0);
    picture.play();
  } else {
    const index = lastUpTo(data.frames, seconds * data.fps + 1e-3);
    if (index !== state.index && index >= 0) goTo(index, picture instanceof Frames);
    state.clock = seconds;
  }
  requestAnimationFrame(tick);
}

function setView(view) {
  state.view = view === 'over' && find('left').hidden ? 'camera' : view;
  for (const box of document.getElementsByName('view')) box.checked = box.value === state.view;
  find('stage').className = state.view;
  controls.enabled = state.view === 'free';
  fit();
}

function fit() {
  const stage = find('stage');
  const [width, height] = data.size;
  const columns = state.view === 'over' || find('left').hidden ? 1 : 2;
  const wide = (stage.clientWidth - 16 - 8 * (columns - 1)) / columns;
  const scale = Math.min(wide / width, (stage.clientHeight - 16) / height);
  const size = [Math.floor(width * scale), Math.floor(height * scale)];
  for (const cell of [find('left'), find('right')]) {
    [cell.style.width, cell.style.height] = size.map((side) => `${side}px`);
  }
  renderer.setSize(...size, false);
  freeCamera.aspect = size[0] / size[1];
  freeCamera.updateProjectionMatrix();
  draw();
}

// #frame=30&view=over&show=LABEL,LABEL&play=1 chooses what is shown.
function readAddress() {
  const wish = new URLSearchParams(location.hash.slice(1));
  if (wish.has('show')) {
    const shown = wish.get('show').split(',');
    for (const person of data.people) person.box.checked = shown.includes(person.label);
  }
  if (wish.has('view')) setView(wish.get('view'));
  if (wish.has('frame')) {
    setPlaying(false);
    goTo(Math.max(0, lastUpTo(data.frames, Number(wish.get('frame')))));
  }
  if (wish.has('play')) setPlaying(wish.get('play') === '1');
}

function makeBoxes() {
  for (const person of data.people) {
    const label = document.createElement('label');
    person.box = document.createElement('input');
    person.box.type = 'checkbox';
    person.box.checked = person.stage === 'after';
    person.box.onchange = draw;
    const dot = document.createElement('span');
    dot.className = 'dot';
    dot.style.background = person.colour;
    label.append(person.box, dot, ` ${person.label} `);
    find('people').append(label);
  }
}

function listen() {
  find('play').onclick = () => setPlaying(!state.playing);
  find('slider').max = data.frames.length - 1;
  find('slider').oninput = (event) => {
    setPlaying(false);
    goTo(Number(event.target.value));
  };
  for (const box of document.getElementsByName('view')) {
    box.onchange = () => setView(box.value);
  }
  find('grid').onchange = draw;
  find('save').onclick = () => {
    const link = document.createElement('a');
    link.href = blobUrl(find('glb').textContent, 'model/gltf-binary');
    link.download = `${data.title}.glb`;
    link.click();
  };
  controls.addEventListener('change', () => state.view === 'free' && draw());
  window.addEventListener('resize', fit);
  window.addEventListener('hashchange', readAddress);
  window.addEventListener('keydown', (event) => {
    if (event.target.tagName === 'SELECT' || event.target.type === 'range') return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === ' ') setPlaying(!state.playing);
    else if (step) {
      setPlaying(false);
      goTo(state.index + step);
    } else return;
    event.preventDefault();
  });
}

async function start() {
  makeBoxes();
  listen();
  setView('camera');
  const content = bytes(find('glb').textContent).buffer;
  const gltf = await new GLTFLoader().parseAsync(content, '');
  scene.add(gltf.scene);
  gltf.scene.traverse((node) => {
    if (!node.isSkinnedMesh) return;
    node.frustumCulled = false; // its bounds are those of the rest pose
    const { person, stage } = node.userData;
    const entry = data.people.find((p) => p.person === person && p.stage === stage);
    entry.mesh = node;
    [entry.pelvis] = node.skeleton.bones;
  });
  grid = makeGrid();
  const [clip] = gltf.animations;
  mixer = new THREE.AnimationMixer(gltf.scene);
  mixer.clipAction(clip).play();
  duration = clip.duration;
  goTo(0);
  readAddress();
  draw();
  document.documentElement.dataset.ready = 'yes';
}

const picture = makePicture();
start().catch(report);
